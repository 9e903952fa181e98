package asyncio.semantics;

import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.createTask;
import static asyncio.Asyncio.sleep;
import static asyncio.ExceptionGroup.on;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.CancelledError;
import asyncio.ExceptionGroup;
import asyncio.GeneratorExit;
import asyncio.KeyboardInterrupt;
import asyncio.WithBlock;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExceptionGroupTest extends OnLoop {
    private final IllegalArgumentException a = new IllegalArgumentException("a");
    private final IOException b = new IOException("b");
    private final IllegalArgumentException c = new IllegalArgumentException("c");
    private final ExceptionGroup inner = new ExceptionGroup("inner", List.of(b, c));
    private final ExceptionGroup group = new ExceptionGroup("outer", List.of(a, inner));

    /** The members as text, groups in brackets. */
    private static String shape(ExceptionGroup group) {
        return group == null
                ? "null"
                : group.exceptions().stream()
                        .map(e -> e instanceof ExceptionGroup inner ? shape(inner) : e.getMessage())
                        .toList()
                        .toString();
    }

    @Test
    void theMessageTellsHowManyMembersThereAre() {
        assertEquals("outer (2 sub-exceptions)", group.getMessage());
        assertEquals("outer", group.message());
        assertEquals("one (1 sub-exception)", new ExceptionGroup("one", List.of(a)).getMessage());
        assertEquals(List.of(a, inner), group.exceptions());
        assertThrows(
                UnsupportedOperationException.class, () -> group.exceptions().clear());
    }

    @Test
    void aGroupHasMembersAndAMessage() {
        assertThrows(IllegalArgumentException.class, () -> new ExceptionGroup("none", List.of()));
        assertThrows(NullPointerException.class, () -> new ExceptionGroup(null, List.of(a)));
        assertThrows(NullPointerException.class, () -> new ExceptionGroup("null", Arrays.asList(a, null)));
    }

    @Test
    void itIsSplitByTypeAtAnyDepth() {
        assertEquals("[a, [c]]", shape(group.subgroup(IllegalArgumentException.class)));
        assertEquals("[[b]]", shape(group.subgroup(IOException.class)));
        assertNull(group.subgroup(ClassCastException.class));
        var split = group.split(IOException.class);
        assertEquals("[[b]]", shape(split.matching()));
        assertEquals("[a, [c]]", shape(split.others()));
        assertEquals("outer", split.others().message());
        assertEquals("[a, [b, c]]", shape(group.split(Exception.class).matching()));
        assertNull(group.split(Exception.class).others());
        assertNull(group.split(ClassCastException.class).matching());
        assertEquals("[a, [b, c]]", shape(group.split(ClassCastException.class).others()));
    }

    @Test
    void aTypeOfTheGroupItselfDoesNotTakeMembersOfOtherTypesWithIt() {
        // A group is a RuntimeException, the IOException in it is none.
        assertEquals("[a, [c]]", shape(group.subgroup(RuntimeException.class)));
        assertSame(group, group.subgroup(ExceptionGroup.class));
    }

    @Test
    void itIsSplitByAConditionWhichIsAskedAboutGroupsToo() {
        assertSame(group, group.subgroup(e -> true));
        assertSame(inner, group.subgroup(e -> e == inner).exceptions().get(0));
        var asked = new ArrayList<Throwable>();
        group.subgroup(e -> {
            asked.add(e);
            return false;
        });
        assertEquals(List.of(group, a, inner, b, c), asked);
    }

    @Test
    void aPartHasTheTraceTheCauseAndWhatWasSuppressed() {
        var cause = new IOException("cause");
        var suppressed = new IOException("suppressed");
        group.initCause(cause);
        group.addSuppressed(suppressed);
        var part = group.subgroup(IOException.class);
        assertSame(cause, part.getCause());
        assertEquals(List.of(group.getStackTrace()), List.of(part.getStackTrace()));
        assertEquals(List.of(part.exceptions().get(0), suppressed), List.of(part.getSuppressed()));
        assertSame(b, ((ExceptionGroup) part.exceptions().get(0)).exceptions().get(0));
    }

    @Test
    void partsOfAGroupOfOnesOwnAreOfItsKind() {
        class Own extends ExceptionGroup {
            Own(String message, List<? extends Throwable> exceptions) {
                super(message, exceptions);
            }

            @Override
            protected ExceptionGroup derive(List<? extends Throwable> exceptions) {
                return new Own(message(), exceptions);
            }
        }
        var own = new Own("own", List.of(a, b));
        assertInstanceOf(Own.class, own.split(IOException.class).matching());
        assertInstanceOf(Own.class, own.split(IOException.class).others());
    }

    // ---- printing

    @Test
    void everyMemberIsPrintedOnceWithItsTrace() {
        var text = new StringWriter();
        new IllegalStateException("around", group).printStackTrace(new PrintWriter(text));
        for (var line : List.of(
                "Caused by: asyncio.ExceptionGroup: outer (2 sub-exceptions)",
                "Suppressed: java.lang.IllegalArgumentException: a",
                "Suppressed: asyncio.ExceptionGroup: inner (2 sub-exceptions)",
                "Suppressed: java.io.IOException: b",
                "Suppressed: java.lang.IllegalArgumentException: c")) {
            assertEquals(
                    2, text.toString().split(java.util.regex.Pattern.quote(line), -1).length, line + " in\n" + text);
        }
    }

    @Test
    void loggersWhichGoByCauseAndSuppressedSeeAllMembers() {
        assertEquals(List.of(a, inner), List.of(group.getSuppressed()));
        assertEquals(List.of(b, c), List.of(inner.getSuppressed()));
    }

    // ---- handle

    @Test
    void eachHandlerGetsWhatIsOfItsTypeAndIsLeft() {
        var handled = new ArrayList<String>();
        group.handle(
                on(IOException.class, e -> handled.add("io " + shape(e))),
                on(IOException.class, e -> handled.add("must not be called")),
                on(Exception.class, e -> handled.add("rest " + shape(e))));
        assertEquals(List.of("io [[b]]", "rest [a, [c]]"), handled);
    }

    @Test
    void whatNobodyTakesIsThrown() {
        var rest = assertThrows(ExceptionGroup.class, () -> group.handle(on(IOException.class, e -> {})));
        assertEquals("[a, [c]]", shape(rest));
        assertEquals("outer", rest.message());
        assertSame(group, assertThrows(ExceptionGroup.class, group::handle));
    }

    @Test
    void whatAHandlerThrowsIsThrownAfterTheOthersRan() {
        var handled = new ArrayList<String>();
        var error = new IllegalStateException("handler");
        assertSame(
                error,
                thrownBy(
                        on(IOException.class, raising(error)),
                        on(IllegalArgumentException.class, e -> handled.add(shape(e)))));
        assertEquals(List.of("[a, [c]]"), handled);
    }

    // What follows is what CPython 3.13 makes of the same except* clauses.

    private static WithBlock<ExceptionGroup, RuntimeException> raising(Throwable error) {
        return part -> {
            throw ExceptionGroupTest.<RuntimeException>asItIs(error);
        };
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E asItIs(Throwable error) throws E {
        throw (E) error;
    }

    /** {@code raise} alone. */
    private static WithBlock<ExceptionGroup, RuntimeException> again() {
        return part -> {
            throw part;
        };
    }

    private static WithBlock<ExceptionGroup, RuntimeException> nothing() {
        return part -> {};
    }

    private Throwable thrownBy(ExceptionGroup.Handler<?>... handlers) {
        return assertThrows(Throwable.class, () -> group.handle(handlers));
    }

    /** The members of a group that handlers made, with titles. */
    private static String titled(Throwable error) {
        return error instanceof ExceptionGroup group
                ? group.message()
                        + group.exceptions().stream()
                                .map(ExceptionGroupTest::titled)
                                .toList()
                : error.getMessage();
    }

    private static List<String> suppressed(Throwable error) {
        return Arrays.stream(error.getSuppressed())
                .map(ExceptionGroupTest::titled)
                .toList();
    }

    private static List<Throwable> errorsOfHandlers() {
        return List.of(
                new IllegalStateException("new"),
                new AssertionError("new"),
                new IOException("new"),
                new StackOverflowError("new"));
    }

    @Test
    void oneErrorAndNothingElseIsThrownAlone() {
        for (var error : errorsOfHandlers()) {
            assertSame(error, thrownBy(on(Exception.class, raising(error))));
            assertEquals(List.of("outer[a, inner[b, c]]"), suppressed(error));
        }
        for (var error : errorsOfHandlers()) {
            assertSame(
                    error,
                    thrownBy(on(IOException.class, raising(error)), on(IllegalArgumentException.class, nothing())));
            assertEquals(List.of("outer[inner[b]]"), suppressed(error));
        }
    }

    @Test
    void oneErrorComesWithTheRest() {
        for (var error : errorsOfHandlers()) {
            var both = (ExceptionGroup) thrownBy(on(IOException.class, raising(error)));
            assertEquals("errors while handling outer[new, outer[a, inner[c]]]", titled(both));
            assertSame(error, both.exceptions().get(0));
            assertEquals(List.of("outer[inner[b]]"), suppressed(error));
            assertEquals(
                    List.of(group.getStackTrace()),
                    List.of(both.exceptions().get(1).getStackTrace()));
        }
    }

    @Test
    void errorsOfSeveralHandlersComeTogether() {
        for (var error : errorsOfHandlers()) {
            var second = new IllegalStateException("second");
            var both = thrownBy(
                    on(IOException.class, raising(error)), on(IllegalArgumentException.class, raising(second)));
            assertEquals("errors while handling outer[new, second]", titled(both));
            assertEquals(List.of("outer[inner[b]]"), suppressed(error));
            assertEquals(List.of("outer[a, inner[c]]"), suppressed(second));
        }
    }

    @Test
    void aGroupThatIsThrownAgainStaysWhereItWas() {
        assertSame(group, thrownBy(on(IOException.class, again())));
        assertSame(group, thrownBy(on(IOException.class, again()), on(IllegalArgumentException.class, again())));
        assertSame(group, thrownBy(on(Exception.class, again())));
        assertEquals(
                "outer[a, inner[c]]",
                titled(thrownBy(on(IllegalArgumentException.class, again()), on(IOException.class, nothing()))));
        assertSame(
                group, thrownBy(on(IllegalArgumentException.class, again()), on(ClassCastException.class, nothing())));
    }

    @Test
    void aGroupThatIsThrownAgainComesBehindNewErrors() {
        var error = new IllegalStateException("new");
        assertEquals(
                "errors while handling outer[new, outer[a, inner[c]]]",
                titled(thrownBy(on(IOException.class, raising(error)), on(IllegalArgumentException.class, again()))));
        assertEquals(
                "errors while handling outer[new, outer[inner[b]]]",
                titled(thrownBy(on(IOException.class, again()), on(IllegalArgumentException.class, raising(error)))));
        var many = new ExceptionGroup(
                "many",
                List.of(
                        new IllegalArgumentException("a"),
                        new IOException("b"),
                        new ClassCastException("c"),
                        new ExceptionGroup("inner", List.of(new ClassCastException("d"), new IOException("e")))));
        assertEquals(
                "errors while handling many[new, many[b, c, inner[d, e]]]",
                titled(assertThrows(
                        ExceptionGroup.class,
                        () -> many.handle(
                                on(IOException.class, again()), on(IllegalArgumentException.class, raising(error))))));
    }

    /** Python's {@code raise part} makes a level of nesting more; in Java there is no other way to raise it again. */
    @Test
    void aPartThatIsThrownAgainStaysWhereItWas() {
        assertEquals("outer[a, inner[b]]", titled(thrownBy(on(IllegalArgumentException.class, part -> {
            throw part.subgroup(e -> e == a);
        }))));
        assertEquals("outer[a, inner[c]]", titled(thrownBy(on(Exception.class, part -> {
            throw part.split(IOException.class).others();
        }))));
        // A group of one's own is a new error.
        assertEquals(
                "errors while handling outer[outer[b], outer[a, inner[c]]]",
                titled(thrownBy(on(IOException.class, raising(new ExceptionGroup("outer", List.of(b)))))));
        // So is one that is not as it was.
        assertEquals(
                "errors while handling outer[outer[inner[b]], outer[a, inner[c]]]",
                titled(thrownBy(on(IOException.class, part -> {
                    part.addSuppressed(new IOException("while handling it"));
                    throw part;
                }))));
    }

    @Test
    void aHandlerMayHandleItsPart() {
        var handled = new ArrayList<String>();
        var numbers = new ExceptionGroup(
                "outer", List.of(a, new ExceptionGroup("inner", List.of(b, new NumberFormatException("d")))));
        var left = assertThrows(
                ExceptionGroup.class,
                () -> numbers.handle(on(
                        IllegalArgumentException.class,
                        part -> part.handle(on(NumberFormatException.class, inner -> handled.add(shape(inner)))))));
        assertEquals("outer[a, inner[b]]", titled(left));
        assertEquals(List.of("[[d]]"), handled);
    }

    @Test
    void aMemberThatIsThrownByItselfIsANewError() {
        assertEquals(
                "errors while handling outer[a, outer[inner[b]]]",
                titled(thrownBy(on(IllegalArgumentException.class, raising(a)))));
        // The others that the handler took are not lost, and none is its own.
        assertEquals(List.of("outer[inner[c]]"), suppressed(a));
    }

    @Test
    void whatIsTheCauseIsNotSuppressedAsWell() {
        group.handle(on(IOException.class, nothing()), on(IllegalArgumentException.class, part -> {
            var around = new IllegalStateException("around", part);
            assertSame(
                    around,
                    assertThrows(
                            IllegalStateException.class,
                            () -> part.handle(on(IllegalArgumentException.class, raising(around)))));
            assertEquals(List.of(), suppressed(around));
            var aroundOne = new IllegalStateException("around", a);
            assertThrows(
                    IllegalStateException.class,
                    () -> part.handle(on(IllegalArgumentException.class, raising(aroundOne))));
            assertEquals(List.of("outer[inner[c]]"), suppressed(aroundOne));
        }));
    }

    /** CPython puts them into a BaseExceptionGroup, which {@code except Exception} does not catch. */
    @Test
    void whatNobodyMaySwallowIsThrownAlone() {
        for (var error :
                List.of(new CancelledError("c"), new GeneratorExit(), new KeyboardInterrupt(), new InternalError())) {
            var handled = new ArrayList<String>();
            assertSame(
                    error,
                    thrownBy(
                            on(IOException.class, raising(error)),
                            on(IllegalArgumentException.class, e -> handled.add(shape(e)))));
            assertEquals(List.of("[a, [c]]"), handled);
            assertEquals(List.of("outer[inner[b]]"), suppressed(error));
        }
        for (var error :
                List.of(new CancelledError("c"), new GeneratorExit(), new KeyboardInterrupt(), new InternalError())) {
            assertSame(error, thrownBy(on(IOException.class, raising(error))));
            assertEquals(List.of("outer[inner[b]]", "outer[a, inner[c]]"), suppressed(error));
        }
        for (var error :
                List.of(new CancelledError("c"), new GeneratorExit(), new KeyboardInterrupt(), new InternalError())) {
            assertSame(
                    error,
                    thrownBy(
                            on(IOException.class, raising(new IllegalStateException("new"))),
                            on(IllegalArgumentException.class, raising(error))));
            assertEquals(List.of("outer[a, inner[c]]", "new"), suppressed(error));
        }
        var fatal = new KeyboardInterrupt();
        var cancelled = new CancelledError("c");
        assertSame(
                fatal,
                thrownBy(
                        on(IOException.class, raising(cancelled)), on(IllegalArgumentException.class, raising(fatal))));
        assertEquals(List.of("outer[a, inner[c]]", "c"), suppressed(fatal));
        assertSame(
                cancelled,
                thrownBy(
                        on(IOException.class, raising(cancelled)),
                        on(IllegalArgumentException.class, raising(cancelled))));
    }

    @Test
    void aCancellationInAHandlerCancelsTheTask() {
        inLoop(() -> {
            var task = createTask(async(() -> {
                try {
                    group.handle(on(IOException.class, part -> await(sleep(ofSeconds(100)))));
                } catch (Exception e) {
                    throw new AssertionError("swallowed", e);
                }
            }));
            await(sleep(ZERO));
            task.cancel();
            assertEquals(List.of("outer[inner[b]]", "outer[a, inner[c]]"), suppressed(cancelledBy(task)));
            assertTrue(task.cancelled());
        });
    }

    @Test
    void groupsThemselvesAreNotHandled() {
        var refusal = assertThrows(IllegalArgumentException.class, () -> on(ExceptionGroup.class, nothing()));
        assertTrue(refusal.getMessage().contains("Use catch instead"));
    }
}
