package asyncio.internal.http.message

/** The URLs that were asked for lately: most programs ask for the same few again and again. */
internal class UrlCache(
    private val base: Url?,
) {
    private val texts = arrayOfNulls<String>(SIZE)
    private val urls = arrayOfNulls<Url>(SIZE)

    /** See [Url.parse]. */
    fun parse(text: String): Url {
        val slot = text.hashCode().let { it xor (it ushr 16) } and SIZE - 1
        if (texts[slot] == text) return urls[slot]!!
        val url = Url.parse(text, base)
        if (text.length <= LONGEST) {
            urls[slot] = url
            texts[slot] = text
        }
        return url
    }

    private companion object {
        const val SIZE = 64
        const val LONGEST = 2048
    }
}
