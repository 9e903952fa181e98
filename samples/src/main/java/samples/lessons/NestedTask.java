package samples.lessons;

import static asyncio.Asyncio.*;

import asyncio.Coroutine;

/** A task runs as soon as its maker awaits something. */
final class NestedTask {
    private NestedTask() {}

    static Coroutine<Integer> nested() {
        return async(() -> {
            System.out.println("nested runs");
            return 42;
        });
    }

    static Coroutine<Void> lesson() {
        return async(() -> {
            var task = createTask(nested());
            System.out.println("made, and it has not begun: " + task.done());
            System.out.println(await(task));
            System.out.println("it has ended: " + task.done());
        });
    }

    static void main() {
        run(lesson());
    }
}
