package asyncio.semantics;

import static asyncio.ExceptionGroup.on;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import asyncio.ExceptionGroup;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExceptionGroupTest {
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
                assertThrows(
                        IllegalStateException.class,
                        () -> group.handle(
                                on(IOException.class, e -> {
                                    throw error;
                                }),
                                on(IllegalArgumentException.class, e -> handled.add(shape(e))))));
        assertEquals(List.of("[a, [c]]"), handled);
        var both = assertThrows(
                ExceptionGroup.class,
                () -> group.handle(on(IOException.class, e -> {
                    throw error;
                })));
        assertSame(error, both.exceptions().get(0));
        assertEquals("[a, [c]]", shape((ExceptionGroup) both.exceptions().get(1)));
    }
}
