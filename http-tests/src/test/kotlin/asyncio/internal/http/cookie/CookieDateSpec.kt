package asyncio.internal.http.cookie

import io.kotest.assertions.withClue
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import java.time.Instant

/** RFC 6265, 5.1.1. */
class CookieDateSpec :
    FunSpec({
        test("the ways in which servers write a date") {
            val meant = Instant.parse("1994-11-06T08:49:37Z")
            listOf(
                "Sun, 06 Nov 1994 08:49:37 GMT",
                "Sunday, 06-Nov-94 08:49:37 GMT",
                "Sun Nov  6 08:49:37 1994",
                "Sun, 06-Nov-1994 08:49:37 GMT",
                "06 nov 1994 8:49:37",
                "8:49:37 1994 November 6",
                "Nov 6th 1994 08:49:37",
                "\t;Sun{06}Nov/94_08:49:37",
                "Sun, 06 Nov 1994 08:49:37 +0500",
                "06 Nov 1994 08:49:37Z",
                "6 xyz Nov 1994x 08:49:37.123 5 Dec 2000 01:01:01",
            ).forEach { withClue(it) { CookieDate.parse(it) shouldBe meant } }
        }

        test("years of two digits") {
            val years =
                mapOf("69" to 2069, "00" to 2000, "70" to 1970, "99" to 1999, "037" to 2037, "1601" to 1601)
            for ((text, year) in years) {
                withClue(text) {
                    CookieDate.parse("01 Jan $text 00:00:00 GMT").toString() shouldBe "$year-01-01T00:00:00Z"
                }
            }
        }

        test("a token that could be the day is the day, the next one the year") {
            CookieDate.parse("21 Nov 15 00:00:00") shouldBe Instant.parse("2015-11-21T00:00:00Z")
            CookieDate.parse("2015 Nov 21 00:00:00") shouldBe Instant.parse("2015-11-21T00:00:00Z")
        }

        test("what is no date") {
            listOf(
                "",
                "never",
                "0",
                "Sun, 06 Nov 1994",
                "06 Nov 08:49:37",
                "Nov 1994 08:49:37",
                "06 1994 08:49:37",
                "06 Nov 1994 24:00:00",
                "06 Nov 1994 08:60:37",
                "06 Nov 1994 08:49:60",
                "06 Nov 1994 08:49",
                "06 Nov 1994 008:49:37",
                "00 Nov 1994 08:49:37",
                "32 Nov 1994 08:49:37",
                "31 Nov 1994 08:49:37",
                "29 Feb 2023 08:49:37",
                "06 Nov 1600 08:49:37",
                "06 Nov 19945 08:49:37",
                "06 anj 1994 08:49:37",
                "٠٦ Nov 1994 08:49:37",
            ).forEach { withClue(it) { CookieDate.parse(it) shouldBe null } }
        }
    })
