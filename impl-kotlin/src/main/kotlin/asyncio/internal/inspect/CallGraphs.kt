package asyncio.internal.inspect

import asyncio.FrameCallGraphEntry
import asyncio.Future
import asyncio.FutureCallGraph
import asyncio.internal.debug.StackFrames
import asyncio.internal.task.ChildTask
import asyncio.internal.task.FutureImpl
import asyncio.internal.task.Stacks
import asyncio.internal.task.TaskImpl
import asyncio.internal.task.TaskLoop
import java.util.IdentityHashMap

/** Which task waits for which, found in the lists of waiters on request; also with cycles and with long chains. */
internal object CallGraphs {
    fun capture(
        loop: TaskLoop,
        future: Future<*>?,
        depth: Int,
        limit: Int,
    ): FutureCallGraph? {
        val current = loop.currentTask
        val start = (future ?: current ?: return null) as FutureImpl<*>
        check(start.loop === loop) { "$start belongs to a different loop than the one that runs here" }
        return Capture(current, (depth - 1).coerceAtLeast(0), limit).of(start)
    }

    private class Capture(
        private val current: TaskImpl<*>?,
        private val skip: Int,
        private val limit: Int,
    ) {
        private val finished = IdentityHashMap<FutureImpl<*>, FutureCallGraph>()
        private val begun = IdentityHashMap<FutureImpl<*>, Boolean>()

        /** Awaiters first, without recursion: chains may be longer than a stack is deep. */
        fun of(start: FutureImpl<*>): FutureCallGraph {
            val path = ArrayDeque<Visit>()
            path.addLast(visit(start))
            while (true) {
                val visit = path.last()
                val next = visit.rest.removeFirstOrNull()
                when {
                    next == null -> {
                        path.removeLast()
                        val graph = FutureCallGraph(visit.future, framesOf(visit.future), visit.awaiters)
                        finished[visit.future] = graph
                        path.lastOrNull()?.awaiters?.add(graph) ?: return graph
                    }

                    next in finished -> {
                        visit.awaiters.add(finished.getValue(next))
                    }

                    next in begun -> {
                        visit.awaiters.add(FutureCallGraph(next, emptyList(), emptyList()))
                    }

                    else -> {
                        path.addLast(visit(next))
                    }
                }
            }
        }

        private fun visit(future: FutureImpl<*>): Visit {
            begun[future] = true
            return Visit(future)
        }

        private fun framesOf(future: FutureImpl<*>): List<FrameCallGraphEntry> {
            if (limit == 0 || future !is TaskImpl || future.done()) return emptyList()
            val stack = if (future === current) StackFrames.ofCaller().drop(skip) else Stacks.of(future)
            val part = if (limit > 0) stack.take(limit) else stack.takeLast(-limit)
            return part.map(::FrameCallGraphEntry)
        }
    }

    private class Visit(
        val future: FutureImpl<*>,
    ) {
        val rest = ArrayDeque(awaitersOf(future))
        val awaiters = ArrayList<FutureCallGraph>()
    }

    /** With the task that waits for a child of kotlinx: no future stands between the two. */
    private fun awaitersOf(future: FutureImpl<*>): Set<FutureImpl<*>> {
        val task = (future as? ChildTask)?.taskOfScope() ?: return future.awaiters()
        return future.awaiters() + task
    }

    /** All unfinished tasks, each under the one that waits for it. */
    fun tree(loop: TaskLoop): String {
        val tasks = loop.tasks.oldestFirst()
        val children = IdentityHashMap<TaskImpl<*>, MutableList<TaskImpl<*>>>()
        val roots = ArrayList<TaskImpl<*>>()
        for (task in tasks) {
            val parents = awaitingTasks(task)
            if (parents.isEmpty()) roots.add(task)
            for (parent in parents) children.getOrPut(parent, ::ArrayList).add(task)
        }
        return Tree(children).write(roots, tasks)
    }

    /** The tasks that wait for [task], also through futures that are none. */
    private fun awaitingTasks(task: TaskImpl<*>): List<TaskImpl<*>> {
        val found = LinkedHashSet<TaskImpl<*>>()
        val seen = IdentityHashMap<FutureImpl<*>, Boolean>()
        val left = ArrayDeque(awaitersOf(task))
        while (true) {
            val awaiter = left.removeFirstOrNull() ?: return found.toList()
            if (seen.put(awaiter, true) != null) continue
            if (awaiter is TaskImpl) found.add(awaiter) else left.addAll(awaiter.awaiters())
        }
    }

    private class Tree(
        private val children: Map<TaskImpl<*>, List<TaskImpl<*>>>,
    ) {
        private val text = StringBuilder()
        private val shown = IdentityHashMap<TaskImpl<*>, Boolean>()

        fun write(
            roots: List<TaskImpl<*>>,
            all: List<TaskImpl<*>>,
        ): String {
            for (root in roots) write(root, "", "", 0)
            // The remaining tasks form cycles.
            for (task in all) if (task !in shown) write(task, "", "", 0)
            return text.toString().trimEnd()
        }

        private fun write(
            task: TaskImpl<*>,
            branch: String,
            indent: String,
            depth: Int,
        ) {
            text.append(branch).append(task.name)
            if (shown.put(task, true) != null) {
                text.append(" (see above)\n")
                return
            }
            text.append('\n')
            val below = children[task].orEmpty()
            val bar = if (below.isEmpty()) "    " else "│   "
            val frames = Stacks.of(task)
            for (frame in frames.asReversed()) {
                text
                    .append(indent)
                    .append(bar)
                    .append("at ")
                    .append(frame)
                    .append('\n')
            }
            if (depth == DEEPEST && below.isNotEmpty()) {
                text.append(indent).append("└── … ${below.size} more\n")
                below.forEach { shown[it] = true }
                return
            }
            for ((index, child) in below.withIndex()) {
                val isLast = index == below.lastIndex
                write(
                    child,
                    indent + if (isLast) "└── " else "├── ",
                    indent + if (isLast) "    " else "│   ",
                    depth + 1,
                )
            }
        }
    }

    /** The depth limit of the printed tree. */
    private const val DEEPEST = 100
}
