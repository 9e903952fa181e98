package asyncio.internal.loop

import io.kotest.core.annotation.Tags
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeSameInstanceAs
import java.util.Random

@Tags("once")
class TimerHeapSpec :
    FunSpec({
        test("gives the earliest first, and equal ones in the order they came") {
            val heap = TimerHeap()
            val timers =
                listOf(5L, 3L, 5L, 1L, 3L, 5L, 1L).mapIndexed {
                    i,
                    deadline,
                    ->
                    TestTimer(deadline, "$deadline/$i")
                }
            timers.forEach(heap::add)
            heap.drain() shouldBe listOf("1/3", "1/6", "3/1", "3/4", "5/0", "5/2", "5/5")
        }

        test("six equal ones, where asyncio's own order is 0 2 5 1 3 4, are first in, first out") {
            val heap = TimerHeap()
            repeat(6) { heap.add(TestTimer(7, "$it")) }
            heap.drain() shouldBe listOf("0", "1", "2", "3", "4", "5")
        }

        test("equal ones stay in order when some in the middle leave") {
            val heap = TimerHeap()
            val timers = List(40) { TestTimer(7, "$it") }
            timers.forEach(heap::add)
            for (i in 0 until 40 step 3) heap.remove(timers[i])
            heap.drain() shouldBe (0 until 40).filter { it % 3 != 0 }.map { "$it" }
        }

        test("the whole range of deadlines is ordered") {
            val heap = TimerHeap()
            for (deadline in listOf(
                0,
                Long.MAX_VALUE,
                -1,
                Long.MIN_VALUE,
                1,
            )) {
                heap.add(TestTimer(deadline, "$deadline"))
            }
            heap.drain() shouldBe listOf("${Long.MIN_VALUE}", "-1", "0", "1", "${Long.MAX_VALUE}")
        }

        test("one that left, or was never in, may leave again") {
            val heap = TimerHeap()
            val first = TestTimer(1, "first")
            val second = TestTimer(2, "second")
            heap.remove(first)
            heap.add(first)
            heap.add(second)
            heap.remove(first)
            heap.remove(first)
            heap.size shouldBe 1
            heap.first() shouldBeSameInstanceAs second
            heap.remove(second)
            heap.first() shouldBe null
            heap.size shouldBe 0
        }

        test("one that left may come back, as the youngest") {
            val heap = TimerHeap()
            val timers = List(3) { TestTimer(1, "$it") }
            timers.forEach(heap::add)
            heap.remove(timers[0])
            heap.add(timers[0])
            heap.drain() shouldBe listOf("1", "2", "0")
        }

        test("clear lets all of them go") {
            val heap = TimerHeap()
            val timers = List(100) { TestTimer(it.toLong(), "$it") }
            timers.forEach(heap::add)
            heap.clear()
            heap.size shouldBe 0
            heap.first() shouldBe null
            timers.forEach(heap::remove)
            heap.size shouldBe 0
        }

        for (seed in 1L..20L) {
            test("behaves like a sorted list (seed $seed)") {
                val random = Random(seed)
                val heap = TimerHeap()
                val model = ArrayList<TestTimer>()
                val range = if (seed % 2 == 0L) 8 else 1_000_000
                repeat(3_000) { step ->
                    when (if (step < 1_000) random.nextInt(3) else random.nextInt(5)) {
                        0, 1 -> {
                            val timer = TestTimer(random.nextInt(range).toLong() - range / 2, "$step")
                            heap.add(timer)
                            // Behind all that are not later: equal ones by age.
                            val place = model.indexOfFirst { it.deadline > timer.deadline }
                            if (place < 0) model.add(timer) else model.add(place, timer)
                        }

                        2, 3 -> {
                            if (model.isNotEmpty()) heap.remove(model.removeAt(random.nextInt(model.size)))
                        }

                        else -> {
                            if (model.isNotEmpty()) {
                                val first = heap.first()!!
                                first shouldBeSameInstanceAs model.removeAt(0)
                                heap.remove(first)
                            }
                        }
                    }
                    check(heap.size == model.size)
                    check(
                        heap.first() === model.firstOrNull(),
                    ) { "step $step: ${heap.first()}, not ${model.firstOrNull()}" }
                }
                heap.drain() shouldBe model.map { it.name }
            }
        }
    })

private class TestTimer(
    deadline: Long,
    val name: String,
) : Timer(deadline) {
    override fun turn(): Unit = error("nobody asked for it")

    override fun toString() = "$name@$deadline"
}

private fun TimerHeap.drain(): List<String> =
    generateSequence { first()?.also(::remove) as TestTimer? }.map { it.name }.toList()
