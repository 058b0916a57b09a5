"""Places a text may be set in; written for this project.

They are shown in English to the authors of request and text, who name them in the cell's language. No value has a
comma, which separates published constraints.
"""

PLACES: tuple[str, ...] = tuple(
    line.strip()
    for line in """
    a lighthouse after the lamp has gone out
    the waiting room of a closed railway station
    a bakery before dawn
    the top floor of a half-built tower
    a night bus that has missed its turn
    an island ferry in fog
    a salt works by a grey sea
    the reading room of a provincial library
    a hospital corridor at three in the morning
    a mountain hut cut off by snow
    the kitchen of a large hotel
    a laundry on a street corner
    the last carriage of a sleeper train
    an orchard behind a monastery
    a roof with pigeons
    the engine room of an old steamer
    a border post nobody crosses any more
    a village square on market day
    a museum store room without windows
    the bottom of a dry reservoir
    an allotment between two railway lines
    a tailor's workshop
    the cellar of a theatre
    a desert petrol station
    a weather station near the pole
    a school on the first day of the holidays
    a court room during the recess
    the deck of a whaling ship
    a vineyard on a steep slope
    a tram depot
    the bell tower of a small cathedral
    a fish auction hall
    the garden of a retirement home
    a swimming pool drained for the winter
    a telephone exchange
    a canal lock
    the cabin of a tower crane
    an observatory above the clouds
    a flat that has just been emptied
    a caravan of salt traders
    the courtyard of a tenement
    an underground line at closing time
    a printing works
    a potato field after the harvest
    the steps of a town hall
    a customs warehouse
    a monastery scriptorium
    the walls of a besieged town
    a Roman bath house
    a merchant's house in a Hanseatic port
    the court of a minor prince
    an inn on the pilgrims' road
    a ship frozen into the pack ice
    a travelling fair in the rain
    the stables of a post house
    a glassworks at night
    a coal mine two hundred metres down
    a silk mill beside a torrent
    a windmill on a dyke
    a caravanserai under the stars
    an oasis with one well
    a rice terrace in the monsoon
    a fishing village on stilts
    a tea house by a mountain pass
    a river boat on the Danube
    a back street in Naples
    a fire lookout in a pine forest
    the harbour of Gdańsk
    a café in Lisbon
    a bookshop by the Seine
    a courtyard in Toledo
    a bridge in Ghent
    a square in Kraków
    the marshes of the Camargue
    a sheep farm in Patagonia
    a kiosk in Buenos Aires
    a bicycle workshop in Utrecht
    the ruins of Carthage
    the Appian Way
    the forum of a provincial Roman city
    an olive press in Andalusia
    a clockmaker's shop in the Black Forest
    a lemon garden on Lake Garda
    a vaporetto stop in Venice
    a lift stuck between two floors
    the back room of a pawnshop
    a tent at the edge of a festival
    a motorway bridge
    a greenhouse in February
    a cemetery with a view of the sea
    a call centre in the small hours
    a driving school car
    the lost property office of a big city
    a kitchen table with four chairs
    a stairwell where everybody knows everybody
    an attic full of somebody else's letters
    the queue outside a passport office
    a supermarket ten minutes before closing
    a rehearsal room with a broken piano
    a barber's shop on a Saturday
    a veterinary surgery
    the stands of a village football ground
    a bus shelter in the hills
    a quarry turned into a lake
    the corridor of a ministry
    an aquarium with the lights off
    a puppet theatre
    a planetarium
    a ski lift out of season
    a campsite under pylons
    a boatyard on a tidal river
    the control room of a dam
    a nursery school at nap time
    a seed vault
    a space elevator's lower terminal
    a greenhouse on Mars
    a generation ship's only park
    a moon quarry
    an undersea research station
    a city that walks on legs
    a library where the books are asleep
    a town that appears once a year
    a kingdom the size of a tablecloth
    the inside of a grandfather clock
    the back of a giant tortoise
    a forest where every tree has a name
    an inn between two dreams
    a map that is being drawn
    the archive of things never said
    a railway that runs only on Sundays
    the garden of a deposed queen
    a cloud used as a courthouse
    a street where it is always Thursday
    """.splitlines()
    if line.strip()
)
