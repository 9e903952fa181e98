package asyncio.internal.http.cookie

/**
 * The Public Suffix List: domains below which names belong to different owners, such as `co.uk` and `github.io`.
 *
 * It stays the sorted text that it is in the file: 117 kB of bytes instead of a megabyte of strings.
 */
internal class PublicSuffixes private constructor(
    private val lines: ByteArray,
) {
    /** Whether [domain] is such a suffix; in lower case and ASCII, without a dot at the end. */
    fun contains(domain: String): Boolean {
        val dot = domain.indexOf('.')
        // Domains that are not in the list follow the rule "*": every top-level domain is one.
        if (dot < 0) return true
        if (find("!", domain, 0)) return false
        return find("", domain, 0) || find("*", domain, dot)
    }

    /** Looks for the line that is [prefix], and then [text] from [start]. */
    private fun find(
        prefix: String,
        text: String,
        start: Int,
    ): Boolean {
        var low = 0
        var high = lines.size
        while (low < high) {
            var begin = (low + high) ushr 1
            while (begin > low && lines[begin - 1] != NEWLINE) begin--
            val order = compare(begin, prefix, text, start)
            if (order == 0) return true
            if (order > 0) {
                high = begin
            } else {
                low = begin
                while (lines[low] != NEWLINE) low++
                low++
            }
        }
        return false
    }

    /** Compares the line that begins there with the domain that is looked for. */
    private fun compare(
        begin: Int,
        prefix: String,
        text: String,
        start: Int,
    ): Int {
        val length = prefix.length + text.length - start
        for (i in 0 until length) {
            val wanted = if (i < prefix.length) prefix[i] else text[start + i - prefix.length]
            val have = lines[begin + i]
            if (have == NEWLINE) return -1
            val order = have - wanted.code
            if (order != 0) return order
        }
        return if (lines[begin + length] == NEWLINE) 0 else 1
    }

    companion object {
        private const val NEWLINE = '\n'.code.toByte()

        /** Loaded when the first cookie for a whole domain comes. */
        val INSTANCE: PublicSuffixes by lazy { load() }

        private fun load(): PublicSuffixes {
            val file =
                PublicSuffixes::class.java.getResourceAsStream("public-suffixes.txt")
                    ?: error("The list of public suffixes is missing in the jar of asyncio4j-http")
            val bytes = file.use { it.readAllBytes() }
            var start = 0
            while (bytes[start] == '/'.code.toByte()) {
                while (bytes[start] != NEWLINE) start++
                start++
            }
            return PublicSuffixes(bytes.copyOfRange(start, bytes.size))
        }
    }
}
