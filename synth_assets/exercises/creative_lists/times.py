"""Times a text may be set in, and years; written for this project.

Periods, seasons, hours and futures are shown in English to the authors, who word them in the cell's language. Years are
figures, so that code can see whether a request still names the year it was drawn for. No value has a comma.
"""

TIMES: tuple[str, ...] = tuple(
    line.strip()
    for line in """
    the last winter of the Bronze Age
    the year the Nile did not rise
    the reign of the emperor Trajan
    the last days of the Roman Republic
    the night after the eruption of Vesuvius
    a spring in the time of Charlemagne
    the first crusade as seen from home
    the years of the Black Death
    the building of a cathedral
    the age of the great caravans
    the days when printing was new
    the week after Magellan's ship came home
    the summer of the Spanish Armada
    the height of the tulip mania
    the years of the Thirty Years' War
    the siege of Vienna
    the winter of the great frost
    the first night of the Paris revolution
    the retreat from Moscow
    the year without a summer
    the days of the stagecoach
    the first railway in the valley
    the spring of the revolutions of 1848
    the gold rush
    the year the telegraph reached the village
    the winter of the Paris siege
    the opening of a world's fair
    the first electric street lamps
    the summer before the First World War
    the Christmas truce in the trenches
    the years of the great inflation
    the age of silent film
    the Great Depression
    the last summer of peace in the thirties
    a wartime blackout
    the first weeks after a war
    the day the ration cards ended
    the years of the first televisions
    the night of the moon landing
    the oil crisis and its empty Sundays
    the last year of a divided city
    the night a border opened
    the turn of the millennium
    the week the internet came to the village
    a summer without tourists
    the first day of spring
    a late frost in May
    the longest day of the year
    the dog days of August
    the week of the grape harvest
    the first fog of autumn
    the day the clocks go back
    All Souls' Day
    the first snow
    the darkest week of December
    the days between Christmas and New Year
    carnival Tuesday
    Easter morning
    midsummer night
    harvest home
    the hour before dawn
    six in the morning
    high noon
    the hour of the siesta
    four o'clock on a Sunday afternoon
    dusk
    the last hour before closing time
    midnight
    the third hour of a power cut
    the night shift
    the morning after a wedding
    the evening before an examination
    the last minute of a match
    the first hour of a journey
    a lunch break
    a leap day
    a hundred years from now
    the day the last glacier is gone
    the first century of settlement on Mars
    the week after machines stop
    an age when people live for three hundred years
    the year the sea came up to the church door
    the last broadcast of the last radio
    a time when paper is forbidden
    the day before the comet
    a future archaeologist's Monday
    the first school term on another planet
    long ago when animals could speak
    a time nobody wrote down
    the same minute again and again
    """.splitlines()
    if line.strip()
)

# Before 100 a figure may be an hour or an age; the last ones are still to come.
YEARS: tuple[str, ...] = (
    *("117", "476", "800", "1066", "1099", "1204", "1347", "1453", "1492", "1517", "1566", "1588", "1610", "1648"),
    *("1683", "1709", "1755", "1789"),
    *(str(year) for year in range(1793, 2030, 3)),
    *("2031", "2048", "2075", "2102", "2199", "2350"),
)
