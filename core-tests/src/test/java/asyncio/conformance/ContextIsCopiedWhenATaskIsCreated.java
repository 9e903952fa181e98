package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.run;
import static asyncio.Asyncio.sleep;
import static java.time.Duration.ZERO;

import asyncio.ContextVar;
import asyncio.Coroutine;

/** A task sees the variables as they were at create_task(), not at its start; its own changes stay inside. */
final class ContextIsCopiedWhenATaskIsCreated extends Program {
    private final ContextVar<String> var = ContextVar.create("var", "default");

    Coroutine<Void> child(String name) {
        return async(() -> {
            say(name, "sees", var.get());
            var.set("set by " + name);
            await(sleep(ZERO));
            say(name, "still sees", var.get());
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            var.set("one");
            var first = createTask(child("first"));
            var.set("two");
            var second = createTask(child("second"));
            var.set("three");
            await(gather(first, second));
            say("main sees", var.get());
        });
    }

    @Override
    void program() {
        run(main());
        say("outside", var.get());
    }
}
