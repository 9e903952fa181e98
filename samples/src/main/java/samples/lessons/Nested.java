package samples.lessons;

import static asyncio.Asyncio.*;

import asyncio.Coroutine;

/** A call makes a coroutine, and an await runs it. */
final class Nested {
    private Nested() {}

    static Coroutine<Integer> nested() {
        return async(() -> {
            System.out.println("nested runs");
            return 42;
        });
    }

    static Coroutine<Void> lesson() {
        return async(() -> {
            var made = nested();
            System.out.println("made, and nothing has run");
            System.out.println(await(made));
            System.out.println(await(nested()));
        });
    }

    static void main() {
        run(lesson());
    }
}
