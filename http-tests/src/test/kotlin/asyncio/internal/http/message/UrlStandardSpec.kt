package asyncio.internal.http.message

import asyncio.http.ClientException
import com.fasterxml.jackson.databind.JsonNode
import com.fasterxml.jackson.databind.ObjectMapper
import io.kotest.core.annotation.Tags
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.collections.shouldBeEmpty
import io.kotest.matchers.ints.shouldBeGreaterThan

/**
 * The URL standard's own tests, as far as they are about http and https. Where yarl, which aiohttp takes its URLs from, or our
 * own care differs from browsers, [REASONS] says so.
 */
@Tags("once")
class UrlStandardSpec :
    FunSpec({
        fun results(): List<Triple<JsonNode, String?, String?>> {
            val cases =
                UrlStandardSpec::class.java.getResourceAsStream("urltestdata.json").use { ObjectMapper().readTree(it) }
            return cases.map { case ->
                val ours =
                    try {
                        Url.parse(case["input"].textValue(), case["base"]?.textValue()?.let { Url.parse(it) }).real
                    } catch (_: ClientException) {
                        null
                    }
                // Ours keeps user and password apart.
                val theirs = case["href"]?.textValue()?.replace(Regex("^(https?://)[^/]*@"), "$1")
                Triple(case, theirs, ours)
            }
        }

        test("the same URL as in a browser, or a reason") {
            val results = results()
            results.filter { it.second == it.third }.size shouldBeGreaterThan 300
            val different = results.filter { (_, theirs, ours) -> theirs != ours }
            different
                .filter { (case, theirs, _) -> REASONS.none { it.covers(case["input"].textValue(), theirs) } }
                .map { (case, theirs, ours) -> "$case: $ours instead of $theirs" }
                .shouldBeEmpty()
            // A reason that nothing needs any more goes.
            REASONS
                .filter { reason -> different.none { reason.covers(it.first["input"].textValue(), it.second) } }
                .map { it.why }
                .shouldBeEmpty()
        }

        test("none of the differences leads to another host") {
            results()
                .filter { (_, theirs, ours) -> theirs != null && ours != null }
                .filter { (_, theirs, ours) -> Url.parse(theirs!!).host != Url.parse(ours!!).host }
                .map { (case, theirs, ours) -> "$case: $ours instead of $theirs" }
                // Browsers take backslashes for slashes; here, as in yarl, they are a part of the path.
                .filter { "\\\\" !in it }
                .shouldBeEmpty()
        }
    })

private class Reason(
    val why: String,
    private val input: Regex,
    private val refusedThere: Boolean = false,
) {
    fun covers(
        text: String,
        theirs: String?,
    ) = refusedThere == (theirs == null) && input.containsMatchIn(text)
}

private val REASONS =
    listOf(
        Reason("control characters, tabs and line ends are refused", Regex("[\\x00-\\x1f\\x7f]")),
        Reason("blanks at the ends belong to the URL", Regex("^ | $")),
        Reason("a backslash is encoded, and refused in the authority, as in yarl", Regex("""\\""")),
        Reason("a scheme without // is refused", Regex("^https?:(?!//)", RegexOption.IGNORE_CASE)),
        Reason("an authority without a host is refused", Regex("^/[/\\\\]{2}")),
        Reason("nobody listens at port 0", Regex(":0+/c")),
        Reason(
            "an address of IPv4 has four decimal numbers",
            Regex("^https?://[0-9xXa-fA-F.\\uff0e\\uff10-\\uff19\\uff38\\uff43]+/?$"),
        ),
        Reason("a host has no percent signs, as in yarl", Regex("^https?://[^/]*%[0-9a-fA-F]{2}")),
        Reason("a label of a name is not empty", Regex("""^http://(\.+|foo\.09\.\.)/?$""")),
        Reason("a host has only letters, digits and -._~, as in yarl", Regex("^http://!")),
        Reason("a percent sign that encodes nothing is encoded, as in yarl", Regex("%(?![0-9a-fA-F]{2})")),
        Reason("more is encoded in queries, paths and fragments, as in yarl", Regex("""[`'#\[{]""")),
        Reason(
            "a name in ASCII is not looked into, as in yarl",
            Regex("xn--", RegexOption.IGNORE_CASE),
            refusedThere = true,
        ),
        Reason("an address of IPv6 may have a zone", Regex("^http://\\[::%31]"), refusedThere = true),
    )
