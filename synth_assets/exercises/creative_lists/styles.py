"""Tones and manners of writing, none of them a person's; written for this project. No value has a comma."""

STYLES: tuple[str, ...] = tuple(
    line.strip()
    for line in """
    deadpan
    tender without sweetness
    dry and bureaucratic
    breathless
    mock-heroic
    melancholy and exact
    laconic
    baroque with long periods
    like a folk tale told by the fire
    like a weather report
    like a police report
    like a legal contract
    like a scientific paper
    like a sports commentary
    like a travel guide
    like a cookery book
    like a fairground barker
    like a sermon
    like a court chronicle
    like a ship's log
    like an auction catalogue
    like a user manual
    like a nursery rhyme
    like an old epic
    in short sentences of everyday words
    in one long unfolding sentence after another
    full of colours
    full of sounds
    full of smells and tastes
    told by objects rather than people
    ironic but kind
    bitter with a glint of humour
    absurd and perfectly serious
    surreal
    gothic
    pastoral
    minimal and cool
    ceremonious
    gossipy
    whispering
    indignant
    boastful
    apologetic
    nostalgic
    prophetic
    matter-of-fact about marvels
    suspenseful
    playful with many puns
    philosophical in plain words
    sensual but discreet
    childlike
    weary
    jubilant
    reverent
    sarcastic
    conspiratorial
    documentary
    dreamlike
    stoic
    flirtatious
    solemn as an inscription
    clumsy on purpose
    in the manner of a proverb collection
    with the calm of a gardener
    with the haste of a telegram
    with the precision of a watchmaker
    hopeful against all evidence
    """.splitlines()
    if line.strip()
)
