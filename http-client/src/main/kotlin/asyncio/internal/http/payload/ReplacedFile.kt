package asyncio.internal.http.payload

import java.io.OutputStream
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardCopyOption
import java.nio.file.attribute.FileAttribute
import java.nio.file.attribute.PosixFilePermissions

/** A file with secrets: only its owner may read it, and who reads it sees the old one or the new one. Blocks. */
internal object ReplacedFile {
    fun write(
        file: Path,
        write: (OutputStream) -> Unit,
    ) {
        // A link stays one.
        val target = if (Files.isSymbolicLink(file) && Files.exists(file)) file.toRealPath() else file.toAbsolutePath()
        val posix = "posix" in target.fileSystem.supportedFileAttributeViews()
        val attributes: Array<FileAttribute<*>> =
            if (posix) {
                arrayOf(PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
            } else {
                emptyArray()
            }
        val temporary = Files.createTempFile(target.parent, ".${target.fileName}", ".tmp", *attributes)
        try {
            Files.newOutputStream(temporary).use(write)
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING)
        } finally {
            Files.deleteIfExists(temporary)
        }
    }
}
