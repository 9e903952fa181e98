package asyncio.internal.loop

import io.kotest.core.annotation.Tags
import io.kotest.core.spec.style.FunSpec
import io.kotest.matchers.ints.shouldBeGreaterThan
import io.kotest.matchers.ints.shouldBeLessThan
import io.kotest.matchers.shouldBe
import io.kotest.matchers.types.shouldBeSameInstanceAs
import java.util.Random

@Tags("once")
class ReadyQueueSpec :
    FunSpec({
        test("first in, first out") {
            val queue = ReadyQueue()
            val items = List(1000) { Item() }
            items.forEach(queue::add)
            queue.size shouldBe 1000
            items.forEach { queue.poll() shouldBeSameInstanceAs it }
            queue.size shouldBe 0
        }

        test("grows rightly wherever its head stands") {
            for (head in 0..200) {
                val queue = ReadyQueue()
                repeat(head) {
                    queue.add(Item())
                    queue.poll()
                }
                val items = List(300) { Item() }
                items.forEach(queue::add)
                for (item in items) check(queue.poll() === item) { "head $head" }
            }
        }

        for (seed in 1L..10L) {
            test("behaves like an ArrayDeque (seed $seed)") {
                val random = Random(seed)
                val queue = ReadyQueue()
                val model = ArrayDeque<Ready>()
                repeat(200) {
                    repeat(random.nextInt(500)) {
                        val item = Item()
                        queue.add(item)
                        model.addLast(item)
                    }
                    repeat(random.nextInt(model.size + 1)) {
                        check(queue.poll() === model.removeFirst())
                    }
                    queue.size shouldBe model.size
                    if (random.nextInt(20) == 0) queue.shrinkIfEmpty()
                    if (random.nextInt(50) == 0) {
                        queue.clear()
                        model.clear()
                    }
                }
                while (model.isNotEmpty()) check(queue.poll() === model.removeFirst())
                queue.size shouldBe 0
            }
        }

        test("keeps nothing of what it gave away") {
            val queue = ReadyQueue()
            repeat(1000) { queue.add(Item()) }
            repeat(990) { queue.poll() }
            queue.ring().count { it != null } shouldBe 10
        }

        test("gives the memory of a burst back, once it is empty") {
            val queue = ReadyQueue()
            repeat(200_000) { queue.add(Item()) }
            queue.shrinkIfEmpty()
            queue.size shouldBe 200_000
            queue.ring().size shouldBeGreaterThan 199_999
            repeat(200_000) { queue.poll() }
            queue.shrinkIfEmpty()
            queue.ring().size shouldBeLessThan 1000
            val item = Item()
            queue.add(item)
            queue.poll() shouldBeSameInstanceAs item
        }
    })

private class Item : Ready() {
    override fun turn(): Unit = error("nobody asked for it")
}

private fun ReadyQueue.ring(): Array<*> =
    ReadyQueue::class.java
        .getDeclaredField("ring")
        .apply { isAccessible = true }
        .get(this) as Array<*>
