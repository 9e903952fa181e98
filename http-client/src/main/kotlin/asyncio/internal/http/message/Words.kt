package asyncio.internal.http.message

/** What may stand in a header, of a request or of a part of one. */
internal object Words {
    fun isTokenChar(char: Char): Boolean =
        char in 'a'..'z' || char in 'A'..'Z' || char in '0'..'9' || char in "!#$%&'*+-.^_`|~"

    /** @throws IllegalArgumentException if a header cannot have this name */
    fun checkHeaderName(name: String) {
        require(name.isNotEmpty() && name.all(::isTokenChar)) {
            "The name of a header may have only letters, digits and !#\$%&'*+-.^_`|~ in it: \"${printable(name)}\""
        }
    }

    /** @throws IllegalArgumentException if there is a control character in it, with which it could end the line */
    fun checkNoControl(
        what: String,
        text: String,
    ) {
        val at = text.indexOfFirst { isControl(it) && it != '\t' }
        require(at < 0) { "$what has a control character at index $at: \"${printable(text)}\"" }
    }

    fun isControl(char: Char): Boolean = char.code < 0x20 || char.code == 0x7F

    fun printable(text: String): String =
        String(CharArray(text.length) { if (isControl(text[it])) '\uFFFD' else text[it] })
}
