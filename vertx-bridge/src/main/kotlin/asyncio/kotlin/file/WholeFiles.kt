package asyncio.kotlin.file

import asyncio.AsyncGenerator
import asyncio.file.AsyncFiles
import asyncio.file.CopyProgress
import asyncio.file.TextOptions
import asyncio.file.WalkEntry
import asyncio.file.WalkOptions
import asyncio.kotlin.await
import java.nio.file.Path

/** All bytes of a file; see [AsyncFiles.readBytes]. Python: `Path.read_bytes`. */
public suspend fun readBytes(path: Path): ByteArray = await(AsyncFiles.readBytes(path))

/** The text of a file; see [AsyncFiles.readText]. Python: `Path.read_text`. */
public suspend fun readText(
    path: Path,
    options: TextOptions = TextOptions.DEFAULT,
): String = await(AsyncFiles.readText(path, options))

/** Writes a file, which is emptied or made before; see [AsyncFiles.writeBytes]. Python: `Path.write_bytes`. */
public suspend fun writeBytes(
    path: Path,
    data: ByteArray,
) {
    await(AsyncFiles.writeBytes(path, data))
}

/** Writes at the end of a file; see [AsyncFiles.appendBytes]. */
public suspend fun appendBytes(
    path: Path,
    data: ByteArray,
) {
    await(AsyncFiles.appendBytes(path, data))
}

/** Writes a file of text; see [AsyncFiles.writeText]. Python: `Path.write_text`. */
public suspend fun writeText(
    path: Path,
    text: CharSequence,
    options: TextOptions = TextOptions.DEFAULT,
) {
    await(AsyncFiles.writeText(path, text, options))
}

/** Writes text at the end of a file; see [AsyncFiles.appendText]. */
public suspend fun appendText(
    path: Path,
    text: CharSequence,
    options: TextOptions = TextOptions.DEFAULT,
) {
    await(AsyncFiles.appendText(path, text, options))
}

/** Replaces a file as a whole; see [AsyncFiles.replaceBytes]. */
public suspend fun replaceBytes(
    path: Path,
    data: ByteArray,
) {
    await(AsyncFiles.replaceBytes(path, data))
}

/** Replaces a file of text as a whole; see [AsyncFiles.replaceText]. */
public suspend fun replaceText(
    path: Path,
    text: CharSequence,
    options: TextOptions = TextOptions.DEFAULT,
) {
    await(AsyncFiles.replaceText(path, text, options))
}

/** Copies a file and gives its size; see [AsyncFiles.copyfile]. Python: `shutil.copyfile`. */
public suspend fun copyfile(
    source: Path,
    target: Path,
): Long = await(AsyncFiles.copyfile(source, target))

/**
 * Copies a file and gives its size; see [AsyncFiles.copyfile]. Python: `shutil.copyfile`.
 *
 * @param progress hears how many bytes there are so far, and how many there will be
 */
public suspend fun copyfile(
    source: Path,
    target: Path,
    progress: (Long, Long) -> Unit,
): Long = await(AsyncFiles.copyfile(source, target, CopyProgress(progress)))

/** The directories of a tree, for Kotlin's `for`; see [AsyncFiles.walk]. Python: `os.walk`. */
public fun walk(
    top: Path,
    options: WalkOptions = WalkOptions.DEFAULT,
): AsyncGenerator<WalkEntry> = AsyncFiles.walk(top, options)
