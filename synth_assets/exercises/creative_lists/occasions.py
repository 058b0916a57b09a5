"""What a text is asked for, and how whoever asks goes about it; written for this project.

Shown in English to the author of the request alone: they colour it and keep two requests for one form and theme apart.
No value has a comma.
"""

OCCASIONS: tuple[str, ...] = tuple(
    line.strip()
    for line in """
    a reading at the library
    a school magazine
    a village newspaper
    a grandmother's birthday
    a wedding programme
    a garden wall
    a sister who collects old mail
    a language course
    an acting class
    an audition
    an amateur theatre group
    a museum room
    a local history exhibition
    a literary café
    a blog
    a podcast
    a community radio hour
    a handmade book
    a poster in a bakery
    a hotel lobby
    a hospital waiting room
    a train magazine
    a choir that will set it to music
    a translation exercise
    a creative writing circle
    a competition with a short deadline
    a friend in hospital
    a neighbour who is moving away
    a farewell party at work
    a child who cannot sleep
    a bedtime ritual
    a family chronicle
    a class of beginners
    a board game's story cards
    a puzzle page
    an escape room
    a puppet show
    a street festival
    an art school portfolio
    an illustrator who needs a text
    a calendar page
    an advent calendar
    a tea packet
    a restaurant menu
    a walking guide
    a botanical garden
    a planetarium show
    a retirement home
    a reading group
    a teacher's folder of models
    an anthology of odd forms
    a seminar on style
    a letterpress print
    a mural
    a garden party
    a silent retreat
    a history lesson
    a newsletter of a tenants' association
    a shop window
    no reason but curiosity
    """.splitlines()
    if line.strip()
)

ASKERS: tuple[str, ...] = tuple(
    line.strip()
    for line in """
    politely
    in a hurry
    shyly
    cheerfully
    with a precise idea
    with only a vague idea
    as one professional to another
    as one friend to another
    a little desperately
    formally
    dreamily
    with a joke
    """.splitlines()
    if line.strip()
)
