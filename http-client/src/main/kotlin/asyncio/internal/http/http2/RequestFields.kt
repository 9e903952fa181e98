package asyncio.internal.http.http2

import io.netty.handler.codec.http2.DefaultHttp2Headers
import io.netty.util.AsciiString
import io.vertx.core.MultiMap

/** The headers of a request, in their order and with names in lower case. Most requests are only added to and then sent. */
internal class RequestFields : MultiMap {
    private var names = arrayOfNulls<CharSequence>(CAPACITY)
    private var values = arrayOfNulls<CharSequence>(CAPACITY)
    private var count = 0

    override fun add(
        name: CharSequence,
        value: CharSequence,
    ): MultiMap {
        if (count == names.size) {
            names = names.copyOf(2 * count)
            values = values.copyOf(2 * count)
        }
        names[count] = lowerCase(name)
        values[count++] = value
        return this
    }

    override fun add(
        name: String,
        value: String,
    ): MultiMap = add(name as CharSequence, value)

    override fun add(
        name: String,
        values: Iterable<String>,
    ): MultiMap = apply { values.forEach { add(name, it) } }

    override fun add(
        name: CharSequence,
        values: Iterable<CharSequence>,
    ): MultiMap = apply { values.forEach { add(name, it) } }

    override fun addAll(headers: MultiMap): MultiMap = apply { headers.forEach { add(it.key, it.value) } }

    override fun addAll(headers: Map<String, String>): MultiMap = apply { headers.forEach { add(it.key, it.value) } }

    override fun set(
        name: CharSequence,
        value: CharSequence,
    ): MultiMap = remove(name).add(name, value)

    override fun set(
        name: String,
        value: String,
    ): MultiMap = set(name as CharSequence, value)

    override fun set(
        name: String,
        values: Iterable<String>,
    ): MultiMap = remove(name).add(name, values)

    override fun set(
        name: CharSequence,
        values: Iterable<CharSequence>,
    ): MultiMap = remove(name).add(name, values)

    override fun setAll(headers: MultiMap): MultiMap = clear().addAll(headers)

    override fun setAll(headers: Map<String, String>): MultiMap = clear().addAll(headers)

    override fun remove(name: CharSequence): MultiMap {
        var kept = 0
        for (i in 0 until count) {
            if (isNamed(i, name)) continue
            names[kept] = names[i]
            values[kept++] = values[i]
        }
        for (i in kept until count) {
            names[i] = null
            values[i] = null
        }
        count = kept
        return this
    }

    override fun remove(name: String): MultiMap = remove(name as CharSequence)

    override fun clear(): MultiMap {
        names.fill(null)
        values.fill(null)
        count = 0
        return this
    }

    private fun isNamed(
        index: Int,
        name: CharSequence,
    ) = AsciiString.contentEqualsIgnoreCase(names[index], name)

    private fun indexOf(name: CharSequence) = (0 until count).firstOrNull { isNamed(it, name) }

    override fun get(name: CharSequence): String? = indexOf(name)?.let { values[it].toString() }

    override fun get(name: String): String? = get(name as CharSequence)

    override fun getAll(name: CharSequence): List<String> =
        (0 until count).filter { isNamed(it, name) }.map { values[it].toString() }

    override fun getAll(name: String): List<String> = getAll(name as CharSequence)

    override fun contains(name: CharSequence): Boolean = indexOf(name) != null

    override fun contains(name: String): Boolean = contains(name as CharSequence)

    override fun isEmpty(): Boolean = count == 0

    override fun names(): MutableSet<String> = (0 until count).mapTo(LinkedHashSet()) { names[it].toString() }

    override fun size(): Int = names().size

    override fun isMutable(): Boolean = true

    override fun copy(mutable: Boolean): MultiMap = RequestFields().addAll(this)

    override fun iterator(): MutableIterator<Map.Entry<String, String>> =
        (0 until count)
            .mapTo(ArrayList()) { java.util.Map.entry(names[it].toString(), values[it].toString()) }
            .iterator()

    /**
     * A view of pseudo-headers and [RequestFields] for the encoder. It makes nothing for a request, because a connection
     * writes one after another.
     */
    class View :
        DefaultHttp2Headers(false, 2),
        MutableIterator<MutableMap.MutableEntry<CharSequence, CharSequence>>,
        MutableMap.MutableEntry<CharSequence, CharSequence> {
        private val pseudo = arrayOfNulls<CharSequence>(PSEUDO.size)
        private var fields: RequestFields? = null
        private var index = 0

        override lateinit var key: CharSequence
            private set
        override lateinit var value: CharSequence
            private set

        /** What is shown from now on. The encoder keeps the strings. */
        fun show(
            method: CharSequence,
            scheme: CharSequence,
            authority: CharSequence,
            path: CharSequence,
            fields: RequestFields,
        ): View {
            pseudo[0] = method
            pseudo[1] = scheme
            pseudo[2] = authority
            pseudo[3] = path
            this.fields = fields
            return this
        }

        override fun iterator(): MutableIterator<MutableMap.MutableEntry<CharSequence, CharSequence>> {
            index = 0
            return this
        }

        override fun hasNext(): Boolean = index < PSEUDO.size + fields!!.count

        override fun next(): MutableMap.MutableEntry<CharSequence, CharSequence> {
            val at = index++
            if (at < PSEUDO.size) {
                key = PSEUDO[at]
                value = pseudo[at]!!
            } else {
                key = fields!!.names[at - PSEUDO.size]!!
                value = fields!!.values[at - PSEUDO.size]!!
            }
            return this
        }

        override fun remove(): Unit = throw UnsupportedOperationException()

        override fun setValue(newValue: CharSequence): CharSequence = throw UnsupportedOperationException()
    }

    private companion object {
        const val CAPACITY = 12

        val PSEUDO: Array<CharSequence> =
            arrayOf(
                AsciiString.cached(":method"),
                AsciiString.cached(":scheme"),
                AsciiString.cached(":authority"),
                AsciiString.cached(":path"),
            )

        /** The names of nearly every request; the encoder finds an AsciiString faster. */
        val COMMON: Array<AsciiString> =
            arrayOf(
                "accept",
                "accept-encoding",
                "user-agent",
                "content-type",
                "content-length",
                "cookie",
                "authorization",
            ).map(AsciiString::cached)
                .toTypedArray()

        fun lowerCase(name: CharSequence): CharSequence {
            for (common in COMMON) {
                if (common.length == name.length && AsciiString.contentEqualsIgnoreCase(common, name)) return common
            }
            return name.toString().lowercase()
        }
    }
}
