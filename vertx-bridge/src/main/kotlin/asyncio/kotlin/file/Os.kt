package asyncio.kotlin.file

import asyncio.file.AsyncOs
import asyncio.file.DirEntry
import asyncio.file.DiskUsage
import asyncio.file.StatResult
import asyncio.kotlin.await
import java.nio.file.AccessMode
import java.nio.file.Path
import java.nio.file.attribute.PosixFilePermission
import java.time.Instant

/** See [AsyncOs.stat]. Python: `os.stat`. */
public suspend fun stat(path: Path): StatResult = await(AsyncOs.stat(path))

/** See [AsyncOs.lstat]. Python: `os.lstat`. */
public suspend fun lstat(path: Path): StatResult = await(AsyncOs.lstat(path))

/** See [AsyncOs.exists]. Python: `os.path.exists`. */
public suspend fun exists(path: Path): Boolean = await(AsyncOs.exists(path))

/** See [AsyncOs.isfile]. Python: `os.path.isfile`. */
public suspend fun isfile(path: Path): Boolean = await(AsyncOs.isfile(path))

/** See [AsyncOs.isdir]. Python: `os.path.isdir`. */
public suspend fun isdir(path: Path): Boolean = await(AsyncOs.isdir(path))

/** See [AsyncOs.islink]. Python: `os.path.islink`. */
public suspend fun islink(path: Path): Boolean = await(AsyncOs.islink(path))

/** See [AsyncOs.samefile]. Python: `os.path.samefile`. */
public suspend fun samefile(
    first: Path,
    second: Path,
): Boolean = await(AsyncOs.samefile(first, second))

/** See [AsyncOs.getsize]. Python: `os.path.getsize`. */
public suspend fun getsize(path: Path): Long = await(AsyncOs.getsize(path))

/** See [AsyncOs.access]. Python: `os.access`. */
public suspend fun access(
    path: Path,
    vararg modes: AccessMode,
): Boolean = await(AsyncOs.access(path, *modes))

/** See [AsyncOs.diskUsage]. Python: `shutil.disk_usage`. */
public suspend fun diskUsage(path: Path): DiskUsage = await(AsyncOs.diskUsage(path))

/** See [AsyncOs.listdir]. Python: `os.listdir`. */
public suspend fun listdir(path: Path): List<String> = await(AsyncOs.listdir(path))

/** See [AsyncOs.scandir]. Python: `os.scandir`. */
public suspend fun scandir(path: Path): List<DirEntry> = await(AsyncOs.scandir(path))

/** See [AsyncOs.mkdir]. Python: `os.mkdir`. */
public suspend fun mkdir(path: Path) {
    await(AsyncOs.mkdir(path))
}

/** See [AsyncOs.makedirs]. Python: `os.makedirs`. */
public suspend fun makedirs(
    path: Path,
    existOk: Boolean = false,
) {
    await(AsyncOs.makedirs(path, existOk))
}

/** See [AsyncOs.rmdir]. Python: `os.rmdir`. */
public suspend fun rmdir(path: Path) {
    await(AsyncOs.rmdir(path))
}

/** See [AsyncOs.removedirs]. Python: `os.removedirs`. */
public suspend fun removedirs(path: Path) {
    await(AsyncOs.removedirs(path))
}

/** See [AsyncOs.rmtree]. Python: `shutil.rmtree`. */
public suspend fun rmtree(path: Path) {
    await(AsyncOs.rmtree(path))
}

/** See [AsyncOs.remove]. Python: `os.remove`. */
public suspend fun remove(path: Path) {
    await(AsyncOs.remove(path))
}

/** See [AsyncOs.unlink]. Python: `os.unlink`. */
public suspend fun unlink(path: Path) {
    await(AsyncOs.unlink(path))
}

/** See [AsyncOs.rename]. Python: `os.rename`. */
public suspend fun rename(
    source: Path,
    target: Path,
) {
    await(AsyncOs.rename(source, target))
}

/** See [AsyncOs.renames]. Python: `os.renames`. */
public suspend fun renames(
    source: Path,
    target: Path,
) {
    await(AsyncOs.renames(source, target))
}

/** See [AsyncOs.replace]. Python: `os.replace`. */
public suspend fun replace(
    source: Path,
    target: Path,
) {
    await(AsyncOs.replace(source, target))
}

/** See [AsyncOs.link]. Python: `os.link`. */
public suspend fun link(
    source: Path,
    link: Path,
) {
    await(AsyncOs.link(source, link))
}

/** See [AsyncOs.symlink]. Python: `os.symlink`. */
public suspend fun symlink(
    source: Path,
    link: Path,
) {
    await(AsyncOs.symlink(source, link))
}

/** See [AsyncOs.readlink]. Python: `os.readlink`. */
public suspend fun readlink(path: Path): Path = await(AsyncOs.readlink(path))

/** See [AsyncOs.chmod]. Python: `os.chmod`. */
public suspend fun chmod(
    path: Path,
    mode: Int,
) {
    await(AsyncOs.chmod(path, mode))
}

/** See [AsyncOs.chmod]. Python: `os.chmod`. */
public suspend fun chmod(
    path: Path,
    permissions: Set<PosixFilePermission>,
) {
    await(AsyncOs.chmod(path, permissions))
}

/** See [AsyncOs.utime]. Python: `os.utime`. */
public suspend fun utime(
    path: Path,
    atime: Instant,
    mtime: Instant,
) {
    await(AsyncOs.utime(path, atime, mtime))
}

/** See [AsyncOs.touch]. Python: `Path.touch`. */
public suspend fun touch(path: Path) {
    await(AsyncOs.touch(path))
}
