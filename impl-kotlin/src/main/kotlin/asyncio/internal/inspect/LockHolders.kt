package asyncio.internal.inspect

import asyncio.internal.thread.VirtualThreads
import java.lang.management.ManagementFactory
import java.lang.management.PlatformManagedObject
import java.nio.file.Files
import java.nio.file.Path

/**
 * Whether a thread waits for a monitor or for a lock of java.util.concurrent, and which thread holds that. For the watchdog, which
 * asks it about a loop that is blocked.
 */
internal object LockHolders {
    /** What the JVM tells of a thread. */
    class Holder(
        val id: Long,
        val name: String,
    )

    /** Whether a thread with this state and stack waits until another one lets go of a monitor or lock. */
    fun isLockAwaited(
        thread: Thread,
        trace: Array<StackTraceElement>,
    ): Boolean {
        if (thread.state == Thread.State.BLOCKED) return true
        val called = trace.takeWhile { it.className.startsWith("java.") || it.className.startsWith("jdk.") }
        return called.any { frame -> frame.className in locks && lockMethods.any(frame.methodName::startsWith) }
    }

    private val locks =
        listOf(
            "ReentrantLock",
            "ReentrantReadWriteLock\$ReadLock",
            "ReentrantReadWriteLock\$WriteLock",
            "StampedLock",
        ).mapTo(HashSet()) { "java.util.concurrent.locks.$it" }
    private val lockMethods = listOf("lock", "tryLock", "readLock", "writeLock", "tryReadLock", "tryWriteLock")

    /** Who holds what [thread] waits for; null if the JVM does not tell. */
    fun holderOf(thread: Thread): Holder? =
        try {
            (if (VirtualThreads.isVirtual(thread)) null else ofPlatformThread(thread)) ?: ofAnyThread(thread)
        } catch (_: LinkageError) {
            // A runtime image without the management modules.
            null
        } catch (_: Exception) {
            null
        }

    private fun ofPlatformThread(thread: Thread): Holder? {
        val info = ManagementFactory.getThreadMXBean().getThreadInfo(idOf(thread)) ?: return null
        return if (info.lockOwnerId < 0) null else Holder(info.lockOwnerId, info.lockOwnerName.orEmpty())
    }

    /** Java 25 and newer tell of virtual threads too which monitors they hold, but only in a file. */
    private fun ofAnyThread(thread: Thread): Holder? {
        if (Runtime.version().feature() < FIRST_WITH_MONITORS) return null
        val folder = Files.createTempDirectory("asyncio-threads")
        val file = folder.resolve("threads.json")
        try {
            dumpThreads(file)
            return Files.newBufferedReader(file).useLines { findHolder(it, idOf(thread)) }
        } finally {
            Files.deleteIfExists(file)
            Files.deleteIfExists(folder)
        }
    }

    /** `HotSpotDiagnosticMXBean.dumpThreads`, which Java 17 cannot name. */
    private fun dumpThreads(file: Path) {
        val type = Class.forName("com.sun.management.HotSpotDiagnosticMXBean")
        val format = Class.forName("com.sun.management.HotSpotDiagnosticMXBean\$ThreadDumpFormat")
        val json = format.enumConstants.first { it.toString() == "JSON" }
        val bean =
            ManagementFactory.getPlatformMXBean(
                type.asSubclass(PlatformManagedObject::class.java),
            )
        type.getMethod("dumpThreads", String::class.java, format).invoke(bean, file.toString(), json)
    }

    /** The dump has one field or element on each line. */
    internal fun findHolder(
        lines: Sequence<String>,
        waiting: Long,
    ): Holder? {
        val owners = HashMap<String, Holder>()
        var id = -1L
        var name = ""
        var isInLocks = false
        var wanted: String? = null
        for (line in lines) {
            val field = FIELD.find(line)
            when {
                isInLocks && line.trim().startsWith("]") -> {
                    isInLocks = false
                }

                isInLocks && field == null -> {
                    owners[line.trim().trim('"', ',')] = Holder(id, name)
                }

                field == null -> {}

                field.groupValues[1] == "tid" -> {
                    id = field.groupValues[2].toLongOrNull() ?: -1
                }

                field.groupValues[1] == "name" -> {
                    name = field.groupValues[2]
                }

                field.groupValues[1] == "blockedOn" && id == waiting -> {
                    wanted = field.groupValues[2]
                }

                field.groupValues[1] == "locks" -> {
                    isInLocks = true
                }
            }
        }
        return wanted?.let(owners::get)
    }

    @Suppress("DEPRECATION")
    fun idOf(thread: Thread): Long = thread.id

    private val FIELD = Regex("^\\s*\"(\\w+)\": \"?([^\"\\[]*)")
    private const val FIRST_WITH_MONITORS = 25
}
