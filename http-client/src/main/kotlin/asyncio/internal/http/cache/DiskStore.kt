package asyncio.internal.http.cache

import asyncio.Coroutine
import asyncio.http.CacheStore
import asyncio.internal.http.payload.Blocking
import asyncio.kotlin.coroutine
import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardCopyOption
import java.nio.file.attribute.FileAttribute
import java.nio.file.attribute.FileTime
import java.nio.file.attribute.PosixFilePermissions
import java.security.MessageDigest
import java.util.HexFormat

/** A file for each key, whose name is a digest of it; in the file are the key and the entry. */
internal class DiskStore(
    private val directory: Path,
    private val maxBytes: Long,
) : CacheStore {
    private val lock = Any()

    /** How many bytes all files have; -1 until they were counted. */
    private var size = -1L

    init {
        require(maxBytes > 0) { "maxBytes is not positive: $maxBytes" }
    }

    override fun get(key: String): Coroutine<ByteArray?> = coroutine { Blocking.inExecutor { read(key) } }

    override fun put(
        key: String,
        entry: ByteArray,
    ): Coroutine<Void?> =
        coroutine {
            Blocking.inExecutor { synchronized(lock) { write(key, entry) } }
            null
        }

    override fun remove(key: String): Coroutine<Void?> =
        coroutine {
            Blocking.inExecutor { synchronized(lock) { delete(fileOf(key)) } }
            null
        }

    private fun read(key: String): ByteArray? {
        val file = fileOf(key)
        val prefix = prefixOf(key)
        try {
            if (!Files.isRegularFile(file)) return null
            val bytes = Files.readAllBytes(file)
            if (bytes.size < prefix.size || prefix.indices.any { bytes[it] != prefix[it] }) return null
            Files.setLastModifiedTime(file, FileTime.fromMillis(System.currentTimeMillis()))
            return bytes.copyOfRange(prefix.size, bytes.size)
        } catch (_: IOException) {
            return null
        }
    }

    private fun write(
        key: String,
        entry: ByteArray,
    ) {
        val file = fileOf(key)
        val bytes = prefixOf(key) + entry
        if (bytes.size > maxBytes) return delete(file)
        val before = sizeOf(file)
        Files.createDirectories(directory)
        val temporary = Files.createTempFile(directory, "new", ".tmp", *ofOwner())
        try {
            Files.write(temporary, bytes)
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING)
        } finally {
            Files.deleteIfExists(temporary)
        }
        size = if (size < 0) files().sumOf { sizeOf(it) } else size - before + bytes.size
        if (size > maxBytes) makeRoom(file)
    }

    private fun ofOwner(): Array<FileAttribute<*>> =
        if ("posix" in directory.fileSystem.supportedFileAttributeViews()) {
            arrayOf(PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
        } else {
            emptyArray()
        }

    private fun makeRoom(newest: Path) {
        for (file in files().filter { it != newest }.sortedBy { timeOf(it) }) {
            if (size <= maxBytes) return
            delete(file)
        }
    }

    private fun files(): List<Path> =
        Files.list(directory).use { files -> files.filter { it.fileName.toString().endsWith(SUFFIX) }.toList() }

    private fun delete(file: Path) {
        val bytes = sizeOf(file)
        if (Files.deleteIfExists(file) && size >= 0) size -= bytes
    }

    // A user may have removed them.
    private fun sizeOf(file: Path): Long = if (Files.isRegularFile(file)) Files.size(file) else 0

    private fun timeOf(file: Path): Long =
        try {
            Files.getLastModifiedTime(file).toMillis()
        } catch (_: IOException) {
            0
        }

    private fun fileOf(key: String): Path {
        val digest = MessageDigest.getInstance("SHA-256").digest(key.toByteArray())
        return directory.resolve(HexFormat.of().formatHex(digest) + SUFFIX)
    }

    private fun prefixOf(key: String) = "$key\n".toByteArray()

    override fun toString(): String = "<CacheStore in $directory>"

    private companion object {
        const val SUFFIX = ".response"
    }
}
