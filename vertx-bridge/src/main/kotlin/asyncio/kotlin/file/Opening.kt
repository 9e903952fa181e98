package asyncio.kotlin.file

import asyncio.AsyncIterator
import asyncio.file.AsyncFiles
import asyncio.file.BinaryFile
import asyncio.file.SpooledTemporaryFile
import asyncio.file.TextFile
import asyncio.file.TextOptions
import asyncio.kotlin.await
import asyncio.kotlin.iterator
import asyncio.kotlin.use
import java.nio.file.Path

/**
 * Opens a file of bytes, runs [block] with it, and closes it, whatever happens; see [AsyncFiles.open]. Python: `async with
 * aiofiles.open(path, mode)`.
 *
 * ```
 * openFile(path, "rb") { file ->
 *     for (chunk in file.chunks(65536)) digest.update(chunk)
 * }
 * ```
 *
 * @throws java.io.IOException if it cannot be opened, or if what was written does not get into it
 */
public suspend fun <R> openFile(
    path: Path,
    mode: String = "rb",
    block: suspend (BinaryFile) -> R,
): R = closing(openFile(path, mode), block)

/** Opens a file of bytes, which has to be closed; see [AsyncFiles.open]. Python: `await aiofiles.open(path, mode)`. */
public suspend fun openFile(
    path: Path,
    mode: String = "rb",
): BinaryFile = await(AsyncFiles.open(path, mode))

/**
 * Opens a file of text, runs [block] with it, and closes it, whatever happens; see [AsyncFiles.openText]. Python: `async with
 * aiofiles.open(path, mode)`.
 *
 * @throws java.io.IOException if it cannot be opened, or if what was written does not get into it
 */
public suspend fun <R> openTextFile(
    path: Path,
    mode: String = "r",
    options: TextOptions = TextOptions.DEFAULT,
    block: suspend (TextFile) -> R,
): R = closing(openTextFile(path, mode, options), block)

/** Opens a file of text, which has to be closed; see [AsyncFiles.openText]. Python: `await aiofiles.open(path, mode)`. */
public suspend fun openTextFile(
    path: Path,
    mode: String = "r",
    options: TextOptions = TextOptions.DEFAULT,
): TextFile = await(AsyncFiles.openText(path, mode, options))

/**
 * Runs [block] with the lines of a file, without their ends, and closes it, whatever happens. It is the counterpart of the function of this
 * name for `java.nio.file.Path`.
 */
public suspend fun <R> useLines(
    path: Path,
    options: TextOptions = TextOptions.DEFAULT,
    block: suspend (AsyncIterator<String>) -> R,
): R = openTextFile(path, "r", options) { block(it.lines()) }

/** Calls [action] with each line of a file, without its end. */
public suspend fun forEachLine(
    path: Path,
    options: TextOptions = TextOptions.DEFAULT,
    action: suspend (String) -> Unit,
): Unit = useLines(path, options) { lines -> for (line in lines) action(line) }

/**
 * Runs [block] with a file that takes the place of [path] after it, if it raises nothing; see [AsyncFiles.replacing].
 *
 * @throws java.io.IOException if that cannot be: the old file stays then
 */
public suspend fun <R> replacing(
    path: Path,
    block: suspend (BinaryFile) -> R,
): R = value(AsyncFiles.replacing(path).use { Result.success(block(it)) })

/** Runs [block] with a file without a name, which is gone after it; see [AsyncFiles.temporaryFile]. */
public suspend fun <R> temporaryFile(block: suspend (BinaryFile) -> R): R =
    closing(await(AsyncFiles.temporaryFile()), block)

/** Runs [block] with a file that is removed after it; see [AsyncFiles.namedTemporaryFile]. */
public suspend fun <R> namedTemporaryFile(
    dir: Path? = null,
    prefix: String? = null,
    suffix: String? = null,
    block: suspend (BinaryFile) -> R,
): R = closing(await(AsyncFiles.namedTemporaryFile(dir, prefix, suffix)), block)

/** Runs [block] with a file that is in memory up to [maxSize] bytes; see [AsyncFiles.spooledTemporaryFile]. */
public suspend fun <R> spooledTemporaryFile(
    maxSize: Int = 0,
    block: suspend (SpooledTemporaryFile) -> R,
): R {
    val file = await(AsyncFiles.spooledTemporaryFile(maxSize))
    return value(file.use { Result.success(block(file)) })
}

/** Runs [block] with a directory that is removed with all that is in it after it; see [AsyncFiles.temporaryDirectory]. */
public suspend fun <R> temporaryDirectory(
    dir: Path? = null,
    prefix: String? = null,
    block: suspend (Path) -> R,
): R = value(await(AsyncFiles.temporaryDirectory(dir, prefix)).use { Result.success(block(it)) })

private suspend fun <R> closing(
    file: BinaryFile,
    block: suspend (BinaryFile) -> R,
): R = value(file.use { Result.success(block(it)) })

private suspend fun <R> closing(
    file: TextFile,
    block: suspend (TextFile) -> R,
): R = value(file.use { Result.success(block(it)) })

/** The exits of files swallow nothing: there is a result if nothing was raised. */
private fun <R> value(result: Result<R>?): R = result!!.getOrThrow()
