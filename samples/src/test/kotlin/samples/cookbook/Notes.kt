package samples.cookbook

import asyncio.kotlin.await
import asyncio.kotlin.file.openTextFile
import asyncio.kotlin.file.useLines
import asyncio.kotlin.iterator
import asyncio.kotlin.runAsyncio
import java.nio.file.Path

/** Notes in a file, one on each line. */
class Notes(
    private val path: Path,
) {
    suspend fun add(note: String) {
        openTextFile(path, "a") { file ->
            await(file.write("$note\n"))
        }
    }

    suspend fun longest(): String =
        useLines(path) { lines ->
            var longest = ""
            for (line in lines) if (line.length > longest.length) longest = line
            longest
        }

    companion object {
        @JvmStatic
        fun longestOf(
            path: Path,
            vararg notes: String,
        ): String =
            runAsyncio {
                val all = Notes(path)
                for (note in notes) all.add(note)
                all.longest()
            }
    }
}
