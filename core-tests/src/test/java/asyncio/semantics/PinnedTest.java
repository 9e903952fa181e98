package asyncio.semantics;

import static asyncio.Asyncio.asyncGenerator;
import static asyncio.Asyncio.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import asyncio.AsyncExitStack;
import asyncio.AsyncGenerator;
import asyncio.internal.fiber.FiberKind;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/**
 * A class initialiser pins the stack of a fiber whose scheduler is the loop. What fails there must leave nothing half
 * done.
 */
class PinnedTest extends OnLoop {
    private static final boolean PINS = FiberKind.getChosen() == FiberKind.LOOP;

    /** What the next of the classes below does in its initialiser, and what that raised. */
    private static Callable<?> initialiser = () -> null;

    private static Throwable failure;

    private static final class Closing {
        static {
            initialise();
        }

        static void use() {}
    }

    private static final class LeavingStack {
        static {
            initialise();
        }

        static void use() {}
    }

    private static void initialise() {
        failure = null;
        try {
            initialiser.call();
        } catch (Throwable error) {
            failure = error;
        }
    }

    private static void assertRefusedIfPinned() {
        if (PINS) {
            assertInstanceOf(IllegalStateException.class, failure);
        } else {
            assertNull(failure);
        }
    }

    @Test
    void aGeneratorThatCannotBeClosedThereCanBeClosedLater() {
        inLoop(() -> {
            AsyncGenerator<Integer> items = asyncGenerator(out -> {
                try {
                    out.yield(1);
                } finally {
                    log.add("finally");
                }
            });
            log.add(await(items.anext()));

            initialiser = () -> await(items.aclose());
            Closing.use();
            assertRefusedIfPinned();
            log.add("later");
            await(items.aclose());
        });
        assertEquals(PINS ? List.of(1, "later", "finally") : List.of(1, "finally", "later"), log);
    }

    /** The suspend function here is that of an exit stack: it must hear of the failure, to go on to its next exit. */
    @Test
    void aSuspendFunctionThatAsksAGeneratorIsTold() {
        inLoop(() -> {
            AsyncGenerator<Boolean> answers = asyncGenerator(out -> out.yield(false));
            var stack = AsyncExitStack.create();
            stack.callback(() -> log.add("last exit"));
            stack.pushAsyncExit(error -> answers.anext());

            initialiser = () -> await(stack.aclose());
            LeavingStack.use();
            assertRefusedIfPinned();
            await(answers.aclose());
        });
        assertEquals(List.of("last exit"), log);
    }
}
