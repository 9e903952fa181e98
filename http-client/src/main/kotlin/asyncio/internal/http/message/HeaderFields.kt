package asyncio.internal.http.message

/**
 * The fields of a head, or the trailers, in their order and as they are on the wire: each char of a value is a byte. Names
 * are compared without regard to case.
 */
internal class HeaderFields {
    /** A name and its value in turns. A head has few fields: to go through them costs less than a table. */
    private var texts = arrayOfNulls<String>(INITIAL)

    var size: Int = 0
        private set

    fun add(
        name: String,
        value: String,
    ) {
        val at = 2 * size
        if (at == texts.size) texts = texts.copyOf(2 * at)
        texts[at] = name
        texts[at + 1] = value
        size++
    }

    /** The value of the last field goes on. */
    fun extendLast(text: String) {
        val at = 2 * size - 1
        texts[at] = "${texts[at]} $text".trim()
    }

    fun name(index: Int): String = texts[2 * index]!!

    fun value(index: Int): String = texts[2 * index + 1]!!

    /** The first value; null if there is none. */
    operator fun get(name: String): String? {
        for (index in 0 until size) if (isNamed(index, name)) return value(index)
        return null
    }

    fun getAll(name: String): List<String> {
        var values: ArrayList<String>? = null
        for (index in 0 until size) {
            if (isNamed(index, name)) (values ?: ArrayList<String>(2).also { values = it }).add(value(index))
        }
        return values ?: emptyList()
    }

    operator fun contains(name: String): Boolean = get(name) != null

    inline fun forEach(action: (String, String) -> Unit) {
        for (index in 0 until size) action(name(index), value(index))
    }

    private fun isNamed(
        index: Int,
        name: String,
    ): Boolean = name(index).let { it.length == name.length && it.equals(name, ignoreCase = true) }

    /** Only names: values may be secrets. */
    override fun toString(): String = (0 until size).map(::name).toString()

    private companion object {
        const val INITIAL = 16
    }
}
