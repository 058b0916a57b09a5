"""Who speaks in a text, or for whom it speaks; nobody who has lived. Written for this project. No value has a comma."""

PERSONAS: tuple[str, ...] = tuple(
    line.strip()
    for line in """
    a retired diver
    a night nurse
    a boy who has been told to wait
    a girl who keeps bees
    a lighthouse keeper's widow
    a clerk in the patent office
    a ferryman who cannot swim
    a baker's apprentice
    a judge on her last day
    a deaf piano tuner
    a customs officer with a sweet tooth
    a translator between two enemies
    an old schoolmistress
    a stowaway
    a bell ringer
    a cartographer who has never travelled
    a court jester
    a beekeeper's rival
    a locksmith called out at night
    a twin
    a man who collects echoes
    a woman who repairs umbrellas
    a shepherd with a radio
    a cellist without a cello
    a chess player who always draws
    a soldier who carries the mail
    a monk who copies books
    a merchant's daughter
    a cook on a polar ship
    a gravedigger with hay fever
    a midwife
    a tram driver
    a glassblower
    a forger with scruples
    a puppeteer
    a mayor of a village of nine
    a goalkeeper
    a spy who is homesick
    a tightrope walker
    a botanist lost in the Andes
    a weather forecaster who was wrong
    a hotel porter
    a widower learning to cook
    a bride on the wrong train
    a grandfather with a secret recipe
    a child who has lost a tooth
    a school caretaker
    a bus driver on her first day
    a librarian who hides books
    a detective who is afraid of the dark
    a gardener of a deposed queen
    a musician in the metro
    a fisherman who lets them go
    a seamstress of flags
    a stonemason who signs every stone
    an astronomer waiting for clouds to pass
    an astronaut's mother
    an interpreter of dreams
    an engineer of small bridges
    an usher in an empty theatre
    an apprentice wizard with bad handwriting
    an exile
    an emigrant on the last evening
    an immigrant on the first morning
    an aunt who knows everybody
    an archivist
    an unpaid actor
    an old ferry
    a scarecrow
    a street lamp
    a coin that has changed hands for centuries
    a house that misses its people
    a river in drought
    a stray dog
    a cat of no fixed address
    a wolf with a bad reputation
    a fox who has read the fables
    a crow that keeps accounts
    a snail in a hurry
    a migrating stork
    a cactus in an office
    an oak that was meant to be felled
    a snowman in March
    a mirror
    a clock that runs slow
    a shadow
    a key without a door
    a suitcase on a luggage belt
    a piano in a flooded house
    a statue in the park
    a satellite at the end of its mission
    a lift that overhears everything
    a vending machine
    a robot that is learning to lie
    a ghost who cannot frighten anyone
    a dragon on a diet
    a giant with small hopes
    a mermaid inland
    a witch with a bakery
    a minor god of doorways
    a muse on strike
    a saint who doubts
    the wind
    the moon
    the last speaker of a language
    the youngest of nine brothers
    the understudy
    the neighbour from upstairs
    the man who paints the lines on roads
    the woman who answers the phone
    the second-best singer in the choir
    the keeper of a lost property office
    the inventor of a useless machine
    the runner-up
    the ghostwriter of a president
    the sister of a hero
    the messenger who came too late
    the cook of the defeated army
    the last customer
    the first person to see the sea
    the voice of a navigation system
    the dog of a famous poet
    a chorus of villagers
    a class of seven-year-olds
    a crew that has not slept
    two rivals who share an umbrella
    three sisters at a kitchen table
    """.splitlines()
    if line.strip()
)
