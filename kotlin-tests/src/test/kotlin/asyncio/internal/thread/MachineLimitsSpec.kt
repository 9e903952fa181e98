package asyncio.internal.thread

import io.kotest.core.annotation.Tags
import io.kotest.core.spec.style.FunSpec
import io.kotest.engine.spec.tempdir
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.shouldBe
import java.io.File

private const val GIGABYTE = 1L shl 30

@Tags("once")
class MachineLimitsSpec :
    FunSpec({
        val root = tempdir()

        fun write(vararg files: Pair<String, String>) {
            root.listFiles()!!.forEach(File::deleteRecursively)
            for ((path, text) in files) root.resolve(path).apply { parentFile.mkdirs() }.writeText(text + "\n")
        }

        fun threads() = MachineLimits(root.toPath(), heap = 2 * GIGABYTE).threads()

        test("where no file says anything, nothing is known") {
            write()
            threads() shouldBe null
        }

        test("a thread takes two memory maps, and an eighth is left for other maps") {
            write("proc/sys/vm/max_map_count" to "65530", "proc/self/maps" to List(530) { "map" }.joinToString("\n"))
            threads() shouldBe 28_434
        }

        test("three quarters of the user's processes") {
            val head = "Limit                     Soft Limit           Hard Limit           Units     \n"
            write(
                "proc/self/limits" to
                    head + "Max processes             4096                 96365                processes ",
            )
            threads() shouldBe 3_072
            write(
                "proc/self/limits" to
                    head + "Max processes             unlimited            unlimited            processes ",
            )
            threads() shouldBe null
        }

        test("three quarters of what all threads of the machine leave") {
            write(
                "proc/sys/kernel/threads-max" to "192731",
                "proc/sys/kernel/pid_max" to "32768",
                "proc/loadavg" to "6.10 7.19 8.82 6/768 9161",
            )
            threads() shouldBe 24_000
        }

        test("the control group, or one around it, of version 2") {
            write(
                "proc/self/cgroup" to "0::/app/web",
                "sys/fs/cgroup/app/web/pids.max" to "max",
                "sys/fs/cgroup/app/web/pids.current" to "40",
                "sys/fs/cgroup/app/pids.max" to "2048",
                "sys/fs/cgroup/app/pids.current" to "48",
            )
            threads() shouldBe 1_500
        }

        test("the control group of version 1, also where its path is that of another namespace") {
            write(
                "proc/self/cgroup" to "9:name=systemd:/\n8:pids:/docker/abc\n4:cpu,memory:/docker/abc",
                "sys/fs/cgroup/pids/pids.max" to "1024",
                "sys/fs/cgroup/pids/pids.current" to "24",
            )
            threads() shouldBe 750
        }

        test("three quarters of the memory that the heap leaves") {
            write("proc/meminfo" to "MemTotal:        8388608 kB\nMemFree:          100000 kB")
            threads() shouldBe 49_152
            write(
                "proc/meminfo" to "MemTotal:        8388608 kB",
                "proc/self/cgroup" to "0::/app",
                "sys/fs/cgroup/app/memory.max" to "${4 * GIGABYTE}",
            )
            threads() shouldBe 16_384
        }

        test("the least of all counts, and some are always left") {
            write("proc/sys/kernel/pid_max" to "32768", "proc/self/cgroup" to "0::/", "sys/fs/cgroup/pids.max" to "10")
            threads() shouldBe 64
        }

        test("a Linux machine tells") {
            if (File("/proc/sys/vm/max_map_count").exists()) MachineLimits().threads()!! shouldBeGreaterThan 64
        }
    })
