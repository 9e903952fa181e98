package asyncio.conformance;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.taskGroup;
import static asyncio.Asyncio.with;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;

import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.ExceptionGroup;

/** An error in an inner group leaves the inner block as a group and the outer block as a group of groups. */
final class TaskgroupNestedErrorIsWrappedOncePerLevel extends TimedProgram {
    Coroutine<Void> fails(String name) {
        return async(() -> {
            throw new IllegalArgumentException(name);
        });
    }

    Coroutine<Void> outerSibling() {
        return async(() -> {
            try {
                await(sleep(ofSeconds(10)));
            } catch (CancelledError e) {
                say("outer sibling cancelled");
                throw e;
            }
        });
    }

    Coroutine<Void> main() {
        return async(() -> {
            try {
                with(taskGroup(), outer -> {
                    outer.createTask(outerSibling());
                    await(sleep(ZERO));
                    try {
                        with(taskGroup(), inner -> {
                            inner.createTask(fails("one"));
                        });
                    } catch (ExceptionGroup group) {
                        say("inner raised", group, group.exceptions());
                        throw group;
                    }
                });
            } catch (ExceptionGroup group) {
                var nested = (ExceptionGroup) group.exceptions().get(0);
                say("outer raised", group, group.exceptions(), "holding", nested.exceptions());
            }
            with(taskGroup(), outer -> {
                try {
                    with(taskGroup(), inner -> {
                        inner.createTask(fails("two"));
                    });
                } catch (ExceptionGroup group) {
                    say("inner error handled inside the outer group");
                }
            });
            say("outer not affected");
        });
    }

    @Override
    void program() {
        run(main());
    }
}
