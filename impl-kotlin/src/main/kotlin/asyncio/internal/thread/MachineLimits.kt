package asyncio.internal.thread

import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path

/**
 * How many threads Linux lets this process have. Nothing is asked of the machine but what its files say; what cannot be read
 * does not count.
 */
internal class MachineLimits(
    private val root: Path = Path.of("/"),
    private val heap: Long = Runtime.getRuntime().maxMemory(),
) {
    /** How many of them bodies may hold, so that enough is left for all else; null where no file says anything. */
    fun threads(): Int? = listOfNotNull(byMaps(), byUser(), byKernel(), byGroup(), byMemory()).minOrNull()?.toBounded()

    /** A thread's stack takes two maps: its memory, and the guard pages below. */
    private fun byMaps(): Long? {
        val most = number("proc/sys/vm/max_map_count") ?: return null
        val used = read("proc/self/maps")?.lineSequence()?.count() ?: 0
        return (most - used) / 2 / 8 * 7
    }

    private fun byUser(): Long? {
        val line = read("proc/self/limits")?.lines()?.find { it.startsWith("Max processes") } ?: return null
        return share(
            line
                .removePrefix("Max processes")
                .trim()
                .substringBefore(' ')
                .toLongOrNull(),
        )
    }

    /** All threads of the machine share these two. */
    private fun byKernel(): Long? {
        val most =
            listOfNotNull(number("proc/sys/kernel/threads-max"), number("proc/sys/kernel/pid_max")).minOrNull()
                ?: return null
        val used = read("proc/loadavg")?.substringAfter('/')?.substringBefore(' ')?.toLongOrNull() ?: 0
        return share(most - used)
    }

    private fun byGroup(): Long? =
        groupsOf("pids")
            .mapNotNull { group -> number("$group/pids.max")?.minus(number("$group/pids.current") ?: 0) }
            .minOrNull()
            ?.let(::share)

    private fun byMemory(): Long? {
        val groups = groupsOf("memory")
        val machine =
            read("proc/meminfo")
                ?.lines()
                ?.find { it.startsWith("MemTotal:") }
                ?.filter(Char::isDigit)
                ?.toLongOrNull()
                ?.times(1024)
        val memory =
            (
                groups.mapNotNull { number("$it/memory.max") ?: number("$it/memory.limit_in_bytes") } +
                    listOfNotNull(machine)
            ).minOrNull() ?: return null
        return share((memory - heap).coerceAtLeast(memory / 8))!! / MEMORY_OF_ONE
    }

    /** The folders of the process's control group and of those around it, for version 2 and version 1. */
    private fun groupsOf(controller: String): List<String> {
        val lines = read("proc/self/cgroup")?.lines() ?: return emptyList()
        return lines.flatMap { line ->
            val parts = line.split(':', limit = 3)
            when {
                parts.size < 3 -> emptyList()
                parts[1].isEmpty() -> around("sys/fs/cgroup", parts[2])
                controller in parts[1].split(',') -> around("sys/fs/cgroup/$controller", parts[2])
                else -> emptyList()
            }
        }
    }

    private fun around(
        mount: String,
        path: String,
    ): List<String> =
        path
            .split('/')
            .filter { it.isNotEmpty() && it != ".." }
            .runningFold(mount) { above, name -> "$above/$name" }

    private fun share(free: Long?): Long? = free?.let { it / 4 * 3 }

    private fun Long.toBounded(): Int = coerceIn(LEAST, Int.MAX_VALUE.toLong()).toInt()

    private fun number(path: String): Long? = read(path)?.trim()?.toLongOrNull()

    // In one piece: of the files below /proc/sys, Files.readString gets the first character only.
    private fun read(path: String): String? =
        try {
            Files.newBufferedReader(root.resolve(path)).use { it.readText() }
        } catch (_: IOException) {
            null
        } catch (_: SecurityException) {
            null
        }

    private companion object {
        /** What a waiting thread of a short stack takes, the kernel's part included. */
        const val MEMORY_OF_ONE = 96L * 1024

        const val LEAST = 64L
    }
}
