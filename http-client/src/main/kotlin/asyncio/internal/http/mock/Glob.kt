package asyncio.internal.http.mock

import java.util.BitSet

/**
 * A pattern in which `*` is any text and `{name}` a text without a slash. A match takes time in proportion to the length of
 * the text times that of the pattern, whatever they are.
 */
internal class Glob(
    pattern: String,
) {
    private sealed interface Item

    private class Literal(
        val text: String,
    ) : Item

    private class Name(
        val name: String,
    ) : Item

    private object Anything : Item

    private val items = ArrayList<Item>()

    init {
        val literal = StringBuilder()
        var at = 0
        while (at < pattern.length) {
            val char = pattern[at]
            val close = if (char == '{') pattern.indexOf('}', at) else -1
            if (close < 0 && char != '*') {
                literal.append(char)
            } else {
                endLiteral(literal)
                items.add(if (close < 0) Anything else Name(pattern.substring(at + 1, close)))
            }
            at = maxOf(at, close) + 1
        }
        endLiteral(literal)
    }

    private fun endLiteral(literal: StringBuilder) {
        if (literal.isNotEmpty()) items.add(Literal(literal.toString()))
        literal.clear()
    }

    /** What stands in the place of the names, each as long as it can be; null if [text] does not match as a whole. */
    fun match(text: String): Map<String, String>? {
        val rests = rests(text)
        if (!rests[0][0]) return null
        val values = LinkedHashMap<String, String>()
        var at = 0
        for ((index, item) in items.withIndex()) {
            val rest = rests[index + 1]
            at =
                when (item) {
                    is Literal -> {
                        at + item.text.length
                    }

                    is Anything -> {
                        rest.previousSetBit(text.length)
                    }

                    is Name -> {
                        val slash = text.indexOf('/', at).let { if (it < 0) text.length else it }
                        rest.previousSetBit(slash).also { values[item.name] = text.substring(at, it) }
                    }
                }
        }
        return values
    }

    /** For each item the places in [text] from which on it and all items behind it match. */
    private fun rests(text: String): List<BitSet> {
        val rests = List(items.size + 1) { BitSet(text.length + 1) }
        rests.last().set(text.length)
        for (index in items.indices.reversed()) {
            val item = items[index]
            val behind = rests[index + 1]
            val rest = rests[index]
            for (at in text.length downTo 0) {
                rest[at] =
                    when (item) {
                        is Literal -> text.startsWith(item.text, at) && behind[at + item.text.length]
                        is Anything -> behind[at] || rest[at + 1]
                        is Name -> at < text.length && text[at] != '/' && (behind[at + 1] || rest[at + 1])
                    }
            }
        }
        return rests
    }
}
