package asyncio.semantics;

import static asyncio.Asyncio.allTasks;
import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.copyContext;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.gather;
import static asyncio.Asyncio.gatherOutcomes;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.toThread;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import asyncio.ContextVar;
import asyncio.ExceptionContext;
import asyncio.Future;
import asyncio.Handle;
import asyncio.Queue;
import asyncio.Task;
import asyncio.TaskOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What holds itself is printed as {@code ...} where it comes again, as CPython does. */
class ToStringTest extends OnLoop {

    private static <T> Future<T> future() {
        return getRunningLoop().createFuture();
    }

    @Test
    void futuresWhoseResultHoldsThem() {
        inLoop(() -> {
            Future<Object> self = future();
            self.setResult(self);
            assertEquals("<Future finished result=...>", self.toString());

            Future<Object> inList = future();
            inList.setResult(List.of(inList, Map.of("a", inList)));
            assertEquals("<Future finished result=[..., {a=...}]>", inList.toString());

            Future<Object> one = future();
            Future<Object> other = future();
            one.setResult(other);
            other.setResult(one);
            assertEquals("<Future finished result=<Future finished result=...>>", one.toString());
            // Twice is not again.
            assertEquals(one + " " + one, one.toString() + " " + one.toString());
            Future<Object> twice = future();
            twice.setResult(List.of(self, self));
            assertEquals(
                    "<Future finished result=[<Future finished result=...>, <Future finished result=...>]>",
                    twice.toString());
        });
    }

    @Test
    void futuresWhoseExceptionHoldsThem() {
        inLoop(() -> {
            Future<Object> failed = future();
            failed.setException(new IllegalStateException() {
                @Override
                public String getMessage() {
                    return "failed: " + failed;
                }

                @Override
                public String toString() {
                    return getMessage();
                }
            });
            assertEquals("<Future finished exception=failed: ...>", failed.toString());
            failed.exception();
        });
    }

    @Test
    void tasksWhoseResultHoldsThem() {
        inLoop(() -> {
            Task<Object> all = createTask(async(() -> (Object) List.copyOf(allTasks())), TaskOptions.named("all"));
            var main = allTasks().iterator().next();
            main.setName("main");
            await(all);
            assertEquals(
                    "<Task finished result=[<Task pending name='main'>, ...] name='all'>",
                    all.toString().replaceFirst("(<Task pending name='main')[^>]*>", "$1>"));

            Future<Object> awaited = future();
            Task<Object> waiting = createTask(async(() -> await(awaited)), "waiting");
            await(sleep(ZERO));
            assertEquals("<Task pending name='waiting' waitFor=<Future pending>>", waiting.toString());
            awaited.setResult(waiting);
            await(waiting);
            assertEquals("<Task finished result=... name='waiting'>", waiting.toString());
        });
    }

    @Test
    void gathersWhoseResultHoldsThem() {
        inLoop(() -> {
            var list = new ArrayList<Object>();
            Future<Object> item = future();
            item.setResult(list);
            var all = gather(List.of(item));
            list.add(all);
            await(all);
            assertEquals("<Gather finished result=[[...]] of 1>", all.toString());
            list.clear();
            var outcomes = gatherOutcomes(List.of(item));
            list.add(outcomes);
            var outcome = await(outcomes).get(0);
            assertEquals("Success[value=[<Gather finished result=[...] of 1>]]", outcome.toString());
            list.clear();
            list.add(outcome);
            assertEquals("Success[value=[...]]", outcome.toString());
        });
    }

    @Test
    void queuesTellOnlyHowManyItemsTheyHold() {
        inLoop(() -> {
            Queue<Object> queue = Queue.create();
            queue.putNowait(queue);
            assertEquals("<Queue size:1, getters:0, putters:0, unfinished:1>", queue.toString());
        });
    }

    @Test
    void contextsWhoseValuesHoldThem() {
        inLoop(() -> {
            ContextVar<Object> variable = ContextVar.create("variable");
            var list = new ArrayList<Object>();
            variable.set(list);
            var context = copyContext();
            list.add(context);
            assertEquals("<Context variable=[...]>", context.toString());
            var options = TaskOptions.inContext(context);
            list.add(options);
            assertEquals(
                    "<Context variable=[..., TaskOptions[name=null, context=..., eagerStart=null]]>",
                    context.toString());
        });
    }

    @Test
    void handlesWhoseCallbackHoldsThem() {
        inLoop(() -> {
            var job = new asyncio.Action() {
                private Handle handle;

                @Override
                public void run() {}

                @Override
                public String toString() {
                    return "job of " + handle;
                }
            };
            job.handle = getRunningLoop().callSoon(job);
            assertEquals("<Handle job of ...>", job.handle.toString());
            job.handle = getRunningLoop().callLater(ofSeconds(100), job);
            assertEquals("job of ...>", job.handle.toString().replaceFirst("<TimerHandle when=\\S+ ", ""));
            job.handle.cancel();
        });
    }

    @Test
    void reportsWhoseDetailsHoldThem() {
        var details = new HashMap<String, Object>();
        var report = ExceptionContext.of("it").withDetail("details", details);
        details.put("report", report);
        assertEquals(
                "ExceptionContext[message=it, exception=null, future=null, task=null, handle=null,"
                        + " details={details={report=...}}]",
                report.toString());
    }

    /** Each thread prints for itself, and one that fails leaves nothing behind. */
    @Test
    void anObjectThatIsBeingPrintedElsewhereIsPrintedInFull() {
        inLoop(() -> {
            Future<Object> future = future();
            var inThread = new ArrayList<String>();
            future.setResult(new Object() {
                private int calls;

                @Override
                public String toString() {
                    if (calls++ == 0) {
                        inThread.add(await(toThread(future::toString)));
                        throw new IllegalArgumentException("cannot be printed");
                    }
                    return "in full";
                }
            });
            assertThrows(IllegalArgumentException.class, future::toString);
            assertEquals(List.of("<Future finished result=in full>"), inThread);
            assertEquals("<Future finished result=in full>", future.toString());
        });
    }
}
