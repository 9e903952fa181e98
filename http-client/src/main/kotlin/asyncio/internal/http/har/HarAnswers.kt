package asyncio.internal.http.har

import asyncio.http.MockResponse
import asyncio.internal.http.message.Url
import asyncio.internal.http.mock.MockCallImpl
import asyncio.internal.http.mock.RecordedAnswers
import asyncio.internal.http.payload.Forms

/** Answers from a HAR file. */
internal class HarAnswers(
    private val answers: List<RecordedAnswer>,
) : RecordedAnswers {
    /** A request without its body: the parameters of the query in any order. */
    private data class Key(
        val method: String,
        val url: String,
        val query: List<String>,
    )

    private val byKey = answers.groupBy { keyOf(it.method, it.url) }

    private fun keyOf(
        method: String,
        url: Url,
    ) = Key(method.uppercase(), url.toString().substringBefore('?'), parameters(url.query.orEmpty()))

    private fun parameters(query: String): List<String> =
        try {
            Forms.decode(query, Charsets.UTF_8).map { "${it.key}=${it.value}" }.sorted()
        } catch (_: IllegalArgumentException) {
            listOf(query)
        }

    override fun find(call: MockCallImpl): (() -> MockResponse)? {
        val same = byKey[keyOf(call.method(), call.target)] ?: return null
        val fitting = same.filter { it.body?.isOf(call) == true }.ifEmpty { same.filter { it.body == null } }
        val answer = fitting.firstOrNull { !it.isUsed } ?: fitting.lastOrNull() ?: return null
        return answer::respond
    }

    override fun unused(): List<String> = answers.filter { !it.isUsed }.map { "$it: was not used" }

    override fun nearest(call: MockCallImpl): String {
        if (answers.isEmpty()) return "The HAR has no entries"
        val key = keyOf(call.method(), call.target)
        val wanted = call.toString()
        val nearest = answers.sortedBy { distance(it, key, wanted) }.distinctBy { "${it.method} ${it.url}" }.take(SHOWN)
        return "The nearest of the ${answers.size} entries of the HAR are" +
            nearest.joinToString("") { "\n  $it" + if (keyOf(it.method, it.url) == key) " with another body" else "" }
    }

    private fun distance(
        answer: RecordedAnswer,
        key: Key,
        wanted: String,
    ): Int = if (keyOf(answer.method, answer.url) == key) 0 else 1 + edits("${answer.method} ${answer.url}", wanted)

    /** Levenshtein's distance of the beginnings. */
    private fun edits(
        first: String,
        second: String,
    ): Int {
        val a = first.take(COMPARED)
        val b = second.take(COMPARED)
        var row = IntArray(b.length + 1) { it }
        for (i in a.indices) {
            val next = IntArray(b.length + 1)
            next[0] = i + 1
            for (j in b.indices) {
                next[j + 1] = minOf(row[j] + if (a[i] == b[j]) 0 else 1, row[j + 1] + 1, next[j] + 1)
            }
            row = next
        }
        return row.last()
    }

    override fun toString(): String = "${answers.size} entries of a HAR"

    private companion object {
        const val SHOWN = 5
        const val COMPARED = 200
    }
}
