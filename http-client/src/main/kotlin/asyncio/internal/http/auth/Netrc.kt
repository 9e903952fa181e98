package asyncio.internal.http.auth

import asyncio.http.BasicAuth
import asyncio.kotlin.toThread
import java.io.IOException
import java.nio.file.Files
import java.nio.file.NoSuchFileException
import java.nio.file.Path
import java.nio.file.attribute.FileTime

/** The logins and passwords of hosts in a file `.netrc`. */
internal class Netrc private constructor(
    private val machines: Map<String, Entry>,
    private val default: Entry?,
) {
    private class Entry {
        var login: String? = null
        var account: String? = null
        var password: String? = null
    }

    /** The file is malformed. The message tells the place, but shows nothing of the text there. */
    class BadNetrc(
        message: String,
    ) : Exception(message)

    /** The credentials for a host, or else the ones for all hosts; null if there are none. */
    fun credentials(host: String): BasicAuth? {
        val entry = machines[host.lowercase()] ?: default ?: return null
        val login = entry.login ?: entry.account ?: return null
        return if (':' in login) null else BasicAuth(login, entry.password.orEmpty())
    }

    private class Parser(
        private val text: String,
    ) {
        private val machines = HashMap<String, Entry>()
        private var default: Entry? = null
        private var at = 0
        private var line = 1

        fun parse(): Netrc {
            var entry: Entry? = null
            while (true) {
                when (val word = word() ?: return Netrc(machines, default)) {
                    "machine" -> {
                        entry = Entry().also { machines[argument(word).lowercase()] = it }
                    }

                    "default" -> {
                        entry = Entry().also { default = it }
                    }

                    "macdef" -> {
                        argument(word)
                        skipMacro()
                        entry = null
                    }

                    "login", "user" -> {
                        of(entry, word).login = argument(word)
                    }

                    "account" -> {
                        of(entry, word).account = argument(word)
                    }

                    "password" -> {
                        of(entry, word).password = argument(word)
                    }

                    else -> {
                        if (!word.startsWith("#")) bad("a word that means nothing there")
                        skipLine()
                    }
                }
            }
        }

        private fun of(
            entry: Entry?,
            word: String,
        ): Entry = entry ?: bad("\"$word\" without a machine")

        private fun argument(word: String): String = word() ?: bad("nothing after \"$word\"")

        /** A word between white space, or in quotes; a backslash takes the meaning from the next character. */
        private fun word(): String? {
            while (at < text.length && text[at].isWhitespace()) next()
            if (at == text.length) return null
            val quoted = text[at] == '"'
            if (quoted) next()
            val word = StringBuilder()
            while (at < text.length && !(if (quoted) text[at] == '"' else text[at].isWhitespace())) {
                if (text[at] == '\\' && at + 1 < text.length) next()
                word.append(next())
            }
            if (quoted) {
                if (at == text.length) bad("a quote that is not closed")
                next()
            }
            return word.toString()
        }

        /** To the end of the line; the white space that ended the last word may have been it. */
        private fun skipLine() {
            while (at < text.length && text[at] != '\n') next()
        }

        /** To the next empty line. */
        private fun skipMacro() {
            skipLine()
            while (at < text.length) {
                next()
                val start = at
                skipLine()
                if (text.substring(start, at).isBlank()) return
            }
        }

        private fun next(): Char {
            if (text[at] == '\n') line++
            return text[at++]
        }

        private fun bad(what: String): Nothing = throw BadNetrc("line $line: $what")
    }

    companion object {
        /** @throws BadNetrc if it makes no sense */
        fun parse(text: String): Netrc = Parser(text.removePrefix("\uFEFF")).parse()
    }
}

/** The file of this user: the one that `NETRC` names, or `.netrc` or `_netrc` at home. */
internal class NetrcFile(
    private val environment: (String) -> String? = System::getenv,
    private val home: () -> Path = { Path.of(System.getProperty("user.home")) },
) {
    private class State(
        val path: Path,
        val modified: FileTime?,
        val size: Long,
        val netrc: Netrc?,
    )

    @Volatile
    private var state: State? = null

    /**
     * The credentials for a host; null if there are none. Looks at the file each time, in the loop's pool of threads, and reads it
     * when it has changed. One that cannot be used gives a warning, and none.
     */
    suspend fun credentials(host: String): BasicAuth? = toThread { read() }?.credentials(host)

    private fun read(): Netrc? {
        val named = environment("NETRC")
        val path = if (named.isNullOrEmpty()) atHome() ?: return null else Path.of(named)
        return try {
            val modified = Files.getLastModifiedTime(path)
            val size = Files.size(path)
            known(path, modified, size)?.let { return it.netrc }
            val netrc = parse(path, Files.readAllBytes(path))
            state = State(path, modified, size, netrc)
            netrc
        } catch (e: IOException) {
            if (known(path, null, -1) == null) {
                state = State(path, null, -1, null)
                val why = if (e is NoSuchFileException) "it does not exist" else e.toString()
                LOGGER.log(System.Logger.Level.WARNING, "Could not read $path for logins and passwords: $why")
            }
            null
        }
    }

    private fun known(
        path: Path,
        modified: FileTime?,
        size: Long,
    ) = state?.takeIf { it.path == path && it.modified == modified && it.size == size }

    private fun parse(
        path: Path,
        bytes: ByteArray,
    ): Netrc? =
        try {
            Netrc.parse(String(bytes, Charsets.UTF_8))
        } catch (e: Netrc.BadNetrc) {
            LOGGER.log(
                System.Logger.Level.WARNING,
                "$path is not used, because it cannot be understood: ${e.message}",
            )
            null
        }

    private fun atHome(): Path? =
        listOf(".netrc", "_netrc").map { home().resolve(it) }.firstOrNull(Files::isRegularFile)

    private companion object {
        val LOGGER: System.Logger = System.getLogger("asyncio")
    }
}
