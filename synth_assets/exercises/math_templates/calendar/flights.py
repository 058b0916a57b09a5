"""Flights there and back between two time zones."""

from fractions import Fraction
from random import Random

from synth_assets.exercises.math_templates.base import Mistake, Template, Trace, Values, Wording


def _draw_flights(rng: Random, difficulty: str) -> Values:
    step, zones, longest = {"easy": (10, (1, 2), 300), "medium": (5, (2, 3, 4), 480), "hard": (1, (4, 5, 6, 7), 660)}[
        difficulty
    ]
    zone = 60 * rng.choice(zones) * rng.choice((-1, 1))
    flight = step * rng.randint((abs(zone) + 40) // step, longest // step)
    out, back = (60 * rng.randint(6, 14) + step * rng.randint(1, 59 // step) for _ in range(2))
    clocks = (out, out + flight + zone, back, back + flight - zone)
    return {
        name: part
        for n, clock in enumerate(clocks, 1)
        for name, part in ((f"h{n}", clock // 60), (f"m{n}", clock % 60))
    }


def _flights_workings(values: Values) -> Values:
    start, landing, start_back, landing_back = (60 * values[f"h{n}"] + values[f"m{n}"] for n in range(1, 5))
    out, back = landing - start, landing_back - start_back
    return {
        "start": start,
        "landing": landing,
        "start_back": start_back,
        "landing_back": landing_back,
        "out": out,
        "back": back,
        "both": out + back,
        "apart": abs(out - back) // 2,
        "least": min(out, back),
        "most": max(out, back),
    }


def _flights_holds(values: Values) -> bool:
    # no minute below 10: the languages would disagree about the zero before it; landings on the day of the start
    return all(values[f"m{n}"] >= 10 and 5 <= values[f"h{n}"] <= 23 for n in range(1, 5))


def _solve_flights(values: Values) -> Fraction:
    return Fraction(_flights_workings(values)["both"], 2)


def _check_flights(values: Values, result: Fraction) -> bool:
    """The first flight tells how far the clocks differ; the second must then land when it does."""
    clocks = [60 * values[f"h{n}"] + values[f"m{n}"] for n in range(1, 5)]
    ahead = clocks[1] - (clocks[0] + result)
    return ahead % 60 == 0 and clocks[2] + result - ahead == clocks[3]


FLIGHTS = Template(
    id="calendar.flights",
    family="calendar",
    unit="minute",
    draw=_draw_flights,
    holds=_flights_holds,
    solve=_solve_flights,
    check=_check_flights,
    workings=_flights_workings,
    texts={
        "en": Wording(
            problems=(
                "A plane leaves one city at {h1}:{m1} and lands in another, which lies in a different time zone, at "
                "{h2}:{m2}. The next day it starts back at {h3}:{m3} and lands at {h4}:{m4}. All times are local, and "
                "both flights take equally long. How many minutes does one flight last?",
                "Nora's travel diary always gives local time. On Monday: take-off at {h1}:{m1}, landing abroad at "
                "{h2}:{m2}. On Friday: take-off for home at {h3}:{m3}, landing at home at {h4}:{m4}. If she was in the "
                "air for the same time on both days, how many minutes was that each time?",
            ),
            solution="By the clocks the outward flight seems to take {landing} - {start} = {out:minute}, counted in "
            "minutes after midnight, and the flight back {landing_back} - {start_back} = {back:minute}. The time "
            "difference lengthens one of them and shortens the other by the same amount, so it drops out of the sum "
            "{out} + {back} = {both:minute}. One flight lasts half of that, {both} ÷ 2 = {result:minute}, and the "
            "clocks of the two places differ by {apart:minute}.",
        ),
        "fr": Wording(
            problems=(
                "Un avion quitte une ville à {h1} h {m1} et atterrit dans une autre, située dans un autre fuseau "
                "horaire, à {h2} h {m2}. Le lendemain, il repart à {h3} h {m3} et atterrit à {h4} h {m4}. Toutes les "
                "heures sont locales et les deux vols ont la même durée. Combien de minutes dure un vol ?",
                "Dans son carnet de voyage, Nora note toujours l'heure locale. Lundi : décollage à {h1} h {m1}, "
                "atterrissage à l'étranger à {h2} h {m2}. Vendredi : décollage pour le retour à {h3} h {m3}, "
                "atterrissage chez elle à {h4} h {m4}. Si elle a passé le même temps en l'air les deux jours, combien "
                "de minutes cela fait-il chaque fois ?",
            ),
            solution="D'après les horloges, en comptant les minutes depuis minuit, l'aller semble durer {landing} - "
            "{start} = {out:minute} et le retour {landing_back} - {start_back} = {back:minute}. Le décalage horaire "
            "allonge l'un et raccourcit l'autre d'autant, si bien qu'il disparaît dans la somme {out} + {back} = "
            "{both:minute}. Un vol en dure la moitié, soit {both} ÷ 2 = {result:minute}, et les horloges des deux "
            "villes diffèrent de {apart:minute}.",
        ),
        "de": Wording(
            problems=(
                "Ein Flugzeug startet in einer Stadt um {h1}:{m1} Uhr und landet in einer anderen, die in einer "
                "anderen Zeitzone liegt, um {h2}:{m2} Uhr. Am nächsten Tag fliegt es um {h3}:{m3} Uhr zurück und "
                "landet um {h4}:{m4} Uhr. Alle Zeiten sind Ortszeiten, und beide Flüge dauern gleich lange. Wie viele "
                "Minuten dauert ein Flug?",
                "In Noras Reisetagebuch steht immer die Ortszeit. Montag: Abflug um {h1}:{m1} Uhr, Landung im Ausland "
                "um {h2}:{m2} Uhr. Freitag: Rückflug um {h3}:{m3} Uhr, Landung zu Hause um {h4}:{m4} Uhr. Wie viele "
                "Minuten war sie jedes Mal in der Luft, wenn es an beiden Tagen gleich viele waren?",
            ),
            solution="In Minuten seit Mitternacht gerechnet, scheint der Hinflug nach den Uhren {landing} - {start} = "
            "{out:minute} zu dauern und der Rückflug {landing_back} - {start_back} = {back:minute}. Der "
            "Zeitunterschied verlängert den einen und verkürzt den anderen um ebenso viel, fällt also in der Summe "
            "{out} + {back} = {both:minute} weg. Ein Flug dauert die Hälfte davon, {both} ÷ 2 = {result:minute}, und "
            "die Uhren der beiden Orte unterscheiden sich um {apart:minute}.",
        ),
        "it": Wording(
            problems=(
                "Un aereo parte da una città alle {h1}:{m1} e atterra in un'altra, che si trova in un fuso orario "
                "diverso, alle {h2}:{m2}. Il giorno dopo riparte alle {h3}:{m3} e atterra alle {h4}:{m4}. Tutti gli "
                "orari sono locali e i due voli hanno la stessa durata. Quanti minuti dura un volo?",
                "Nel suo diario di viaggio Nora segna sempre l'ora locale. Lunedì: decollo alle {h1}:{m1}, atterraggio "
                "all'estero alle {h2}:{m2}. Venerdì: decollo per il ritorno alle {h3}:{m3}, atterraggio a casa alle "
                "{h4}:{m4}. Se nei due giorni è rimasta in volo per lo stesso tempo, quanti minuti sono stati ogni "
                "volta?",
            ),
            solution="Secondo gli orologi, contando i minuti dalla mezzanotte, l'andata sembra durare {landing} - "
            "{start} = {out:minute} e il ritorno {landing_back} - {start_back} = {back:minute}. La differenza di fuso "
            "allunga un viaggio e accorcia l'altro della stessa quantità, perciò scompare nella somma {out} + {back} = "
            "{both:minute}. Un volo ne dura la metà, {both} ÷ 2 = {result:minute}, e gli orologi delle due città "
            "differiscono di {apart:minute}.",
        ),
        "es": Wording(
            problems=(
                "Un avión sale de una ciudad a las {h1}:{m1} y aterriza en otra, situada en otro huso horario, a las "
                "{h2}:{m2}. Al día siguiente emprende el regreso a las {h3}:{m3} y aterriza a las {h4}:{m4}. Todas las "
                "horas son locales y los dos vuelos duran lo mismo. ¿Cuántos minutos dura un vuelo?",
                "En su diario de viaje, Nora anota siempre la hora local. Lunes: despegue a las {h1}:{m1}, aterrizaje "
                "en el extranjero a las {h2}:{m2}. Viernes: despegue de vuelta a las {h3}:{m3}, aterrizaje en casa a "
                "las {h4}:{m4}. Si pasó el mismo tiempo en el aire los dos días, ¿cuántos minutos fueron cada vez?",
            ),
            solution="Según los relojes, contando los minutos desde la medianoche, la ida parece durar {landing} - "
            "{start} = {out:minute} y la vuelta {landing_back} - {start_back} = {back:minute}. La diferencia horaria "
            "alarga una y acorta la otra en la misma cantidad, así que desaparece en la suma {out} + {back} = "
            "{both:minute}. Un vuelo dura la mitad, {both} ÷ 2 = {result:minute}, y los relojes de las dos ciudades se "
            "diferencian en {apart:minute}.",
        ),
        "pl": Wording(
            problems=(
                "Samolot startuje z pewnego miasta o godzinie {h1}:{m1} i ląduje w innym, położonym w innej strefie "
                "czasowej, o godzinie {h2}:{m2}. Następnego dnia wyrusza z powrotem o godzinie {h3}:{m3} i ląduje o "
                "godzinie {h4}:{m4}. Wszystkie godziny podano w czasie miejscowym, a oba loty trwają tyle samo. Ile "
                "minut trwa jeden lot?",
                "W dzienniku podróży Nora zapisuje zawsze czas miejscowy. Poniedziałek: start o godzinie {h1}:{m1}, "
                "lądowanie za granicą o godzinie {h2}:{m2}. Piątek: odlot w drogę powrotną o godzinie {h3}:{m3}, "
                "lądowanie w domu o godzinie {h4}:{m4}. Ile minut spędziła za każdym razem w powietrzu, jeśli w oba "
                "dni było ich tyle samo?",
            ),
            solution="Według zegarów, w minutach od północy, lot w tamtą stronę trwa pozornie {landing} - {start} = "
            "{out:minute.acc}, a lot powrotny {landing_back} - {start_back} = {back:minute.acc}. Różnica czasu "
            "wydłuża jeden z nich i o tyle samo skraca drugi, więc znika w sumie, która wynosi {out} + {back} = "
            "{both:minute.acc}. Jeden lot trwa połowę tego czasu, czyli {both} ÷ 2 = {result:minute.acc}, a zegary w "
            "obu miejscach różnią się o {apart:minute.acc}.",
        ),
        "nl": Wording(
            problems=(
                "Een vliegtuig vertrekt om {h1}.{m1} uur uit een stad en landt om {h2}.{m2} uur in een andere stad, "
                "die in een andere tijdzone ligt. De volgende dag vliegt het om {h3}.{m3} uur terug en landt het om "
                "{h4}.{m4} uur. Alle tijden zijn plaatselijke tijden en beide vluchten duren even lang. Hoeveel "
                "minuten duurt één vlucht?",
                "In haar reisdagboek noteert Nora altijd de plaatselijke tijd. Maandag: vertrek om {h1}.{m1} uur, "
                "landing in het buitenland om {h2}.{m2} uur. Vrijdag: vertrek naar huis om {h3}.{m3} uur, landing "
                "thuis om {h4}.{m4} uur. Hoeveel minuten was ze elke keer in de lucht, als dat op beide dagen even "
                "lang was?",
            ),
            solution="In minuten na middernacht gerekend lijkt de heenvlucht volgens de klokken {landing} - {start} = "
            "{out:minute} te duren en de terugvlucht {landing_back} - {start_back} = {back:minute}. Het tijdverschil "
            "maakt de ene langer en de andere even veel korter, dus het valt weg in de som {out} + {back} = "
            "{both:minute}. Eén vlucht duurt de helft daarvan, {both} ÷ 2 = {result:minute}, en de klokken van de twee "
            "plaatsen verschillen {apart:minute}.",
        ),
        "la": Wording(
            problems=(
                "Aeroplanum ex urbe hora {h1}:{m1} proficiscitur et in aliam urbem, ubi horologia aliam horam "
                "indicant, hora {h2}:{m2} advenit. Postero die hora {h3}:{m3} inde redit et hora {h4}:{m4} domum "
                "advenit. Omnes horae ad horologia eius loci referuntur, et uterque volatus aeque longus est. Quot "
                "minutas unus volatus durat?",
                "Nora in libello itineris semper horam eius loci notat, ubi est. Die Lunae: hora {h1}:{m1} discessi, "
                "hora {h2}:{m2} in terram externam perveni. Die Veneris: hora {h3}:{m3} inde discessi, hora {h4}:{m4} "
                "domum redii. Si utroque die aeque diu volavit, quot minutas singuli volatus duraverunt?",
            ),
            solution="Si minutae a media nocte numerantur, ex horologiis prior volatus {landing} - {start} = {out} "
            "minutas durare videtur, alter {landing_back} - {start_back} = {back} minutas. Horarum differentia "
            "alterum tanto longiorem, quanto alterum breviorem facit; itaque in summa {out} + {back} = {both} "
            "evanescit. Unus volatus dimidiam partem durat, id est {both} ÷ 2 = {result:trade_minute.acc}, et "
            "horologia duorum locorum {apart} minutis inter se differunt.",
        ),
    },
    trace=Trace(
        given="out {h1}:{m1} to {h2}:{m2}, back {h3}:{m3} to {h4}:{m4}, all in local time; both flights equally long",
        sought="minutes of one flight",
        insight="the time difference is added on one way and taken away on the other, so it vanishes in the sum",
        steps=(
            "minutes after midnight, out → {landing} - {start} = {out:minute}",
            "back → {landing_back} - {start_back} = {back:minute}",
            "both → {out} + {back} = {both:minute}",
            "one flight → {both} ÷ 2 = {result:minute}",
        ),
        checks=(
            "the clocks differ by {apart:minute}, whole hours",
            "{result} + {apart} = {most} AND {result} - {apart} = {least}, as the clocks have it",
        ),
    ),
    mistakes=(
        Mistake(
            name="outward_clock_times",
            says="takes the difference of the clock times of the outward flight and ignores the time zones",
            result=lambda values: _flights_workings(values)["out"],
        ),
        Mistake(
            name="return_clock_times",
            says="takes the difference of the clock times of the flight back and ignores the time zones",
            result=lambda values: _flights_workings(values)["back"],
        ),
        Mistake(
            name="both_flights",
            says="forgets to halve the time of both flights together",
            result=lambda values: _flights_workings(values)["both"],
        ),
        Mistake(
            name="time_difference",
            says="halves the difference of the two clock times, which is how far the clocks differ",
            result=lambda values: _flights_workings(values)["apart"],
        ),
    ),
)
