package asyncio.internal.http.message

import asyncio.http.MutableHttpHeaders
import java.util.Collections
import java.util.Map.entry

/** The headers of a request in their order; checked and ready to be sent. */
internal class RequestHeaders : MutableHttpHeaders {
    private val names = ArrayList<String>(4)
    private val values = ArrayList<String>(4)

    override fun add(
        name: String,
        value: String,
    ) {
        checkName(name)
        checkValue(name, value)
        addUnchecked(name, HeaderText.toWire(value))
    }

    /** Adds a header of the client itself, which needs no check; the value as it is on the wire, see [HeaderText]. */
    fun addUnchecked(
        name: String,
        value: String,
    ) {
        names.add(name)
        values.add(value)
    }

    override fun set(
        name: String,
        value: String,
    ) {
        checkName(name)
        checkValue(name, value)
        val first = indexOf(name)
        if (first < 0) {
            addUnchecked(name, HeaderText.toWire(value))
        } else {
            names[first] = name
            values[first] = HeaderText.toWire(value)
            removeFrom(first + 1, name)
        }
    }

    override fun remove(name: String): Boolean = removeFrom(0, name)

    override fun get(name: String): String? =
        indexOf(name).let {
            if (it < 0) {
                null
            } else {
                HeaderText.fromWire(values[it])
            }
        }

    override fun getAll(name: String): List<String> =
        names.indices.filter { names[it].equals(name, ignoreCase = true) }.map { HeaderText.fromWire(values[it]) }

    override operator fun contains(name: String): Boolean = indexOf(name) >= 0

    override fun names(): Set<String> {
        val lowerCase = HashSet<String>()
        return Collections.unmodifiableSet(names.filterTo(LinkedHashSet()) { lowerCase.add(it.lowercase()) })
    }

    override fun entries(): List<Map.Entry<String, String>> =
        Collections.unmodifiableList(
            names.indices.map { entry(names[it], HeaderText.fromWire(values[it])) },
        )

    inline fun forEach(action: (String, String) -> Unit) {
        for (i in names.indices) action(names[i], values[i])
    }

    fun copy(): RequestHeaders = copyWithout { false }

    inline fun copyWithout(dropped: (String) -> Boolean): RequestHeaders {
        val copy = RequestHeaders()
        for (i in names.indices) if (!dropped(names[i])) copy.addUnchecked(names[i], values[i])
        return copy
    }

    /** Only names: values may be secrets. */
    override fun toString(): String = names.toString()

    private fun indexOf(name: String): Int {
        for (i in names.indices) if (names[i].equals(name, ignoreCase = true)) return i
        return -1
    }

    private fun removeFrom(
        start: Int,
        name: String,
    ): Boolean {
        var removed = false
        for (i in names.indices.reversed()) {
            if (i < start) break
            if (!names[i].equals(name, ignoreCase = true)) continue
            names.removeAt(i)
            values.removeAt(i)
            removed = true
        }
        return removed
    }

    companion object {
        private val OWN = listOf("Content-Length", "Transfer-Encoding")

        /** @throws IllegalArgumentException if a header of this name could not be sent */
        private fun checkName(name: String) {
            HttpChars.checkHeaderName(name)
            require(OWN.none { it.equals(name, ignoreCase = true) }) {
                "$name tells where a request ends, and is set by the session itself. Say chunked(true), or give the" +
                    " body a size"
            }
        }

        /** @throws IllegalArgumentException if this header could not have this value */
        fun checkValue(
            name: String,
            value: String,
        ) {
            val at = HttpChars.indexOfControl(value)
            // The value may be a secret.
            require(at < 0) { "The value of the header $name has a control character at index $at" }
        }
    }
}
