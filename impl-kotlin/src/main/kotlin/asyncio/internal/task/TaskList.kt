package asyncio.internal.task

/** The unfinished tasks of a loop, which holds them strongly through this: a list that each can leave by itself. */
internal class TaskList {
    private var first: TaskImpl<*>? = null

    /** How many of them have Java bodies. */
    @JvmField var withFibers = 0

    fun isNotEmpty(): Boolean = first != null

    fun add(task: TaskImpl<*>) {
        val next = first
        task.nextTask = next
        next?.previousTask = task
        first = task
        task.isRegistered = true
        if (task.needsFiber) withFibers++
    }

    fun remove(task: TaskImpl<*>) {
        if (!task.isRegistered) return
        task.isRegistered = false
        val previous = task.previousTask
        val next = task.nextTask
        if (previous == null) first = next else previous.nextTask = next
        next?.previousTask = previous
        task.previousTask = null
        task.nextTask = null
        if (task.needsFiber) withFibers--
    }

    fun oldestFirst(): List<TaskImpl<*>> = generateSequence(first) { it.nextTask }.toList().asReversed()
}
