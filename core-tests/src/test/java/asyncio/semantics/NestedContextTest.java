package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.currentTask;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import asyncio.Context;
import asyncio.ContextVar;
import asyncio.TaskOptions;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The context of a task in the middle of its step, as code sees it that runs inside of that step. */
class NestedContextTest extends OnLoop {
    private static final ContextVar<String> VAR = ContextVar.create("var", "unset");

    @Test
    void anEagerChildSeesWhatItsCreatorHasSetInThisStep() {
        inLoop(() -> await(createTask(async(() -> {
            var creator = currentTask();
            VAR.set("before");
            createTask(async(() -> log.add(creator.getContext().get(VAR))), TaskOptions.eager());
            assertEquals("before", VAR.get());
        }))));
        assertEquals(java.util.List.of("before"), log);
    }

    @Test
    void theContextThatAnEagerChildAsksForStaysThatOfItsCreator() {
        inLoop(() -> await(createTask(async(() -> {
            var creator = currentTask();
            var seen = new AtomicReference<Context>();
            createTask(async(() -> seen.set(creator.getContext())), TaskOptions.eager());
            VAR.set("after");
            assertEquals("after", seen.get().get(VAR));
            assertSame(creator.getContext(), seen.get());
        }))));
    }

    @Test
    void whatIsEnteredForAWhileIsLeftAgain() {
        inLoop(() -> await(createTask(async(() -> {
            var own = currentTask().getContext();
            asyncio.Asyncio.copyContext().run(() -> {
                createTask(async(() -> {}), TaskOptions.eager());
            });
            iterations(1);
            assertSame(own, currentTask().getContext());
        }))));
    }
}
