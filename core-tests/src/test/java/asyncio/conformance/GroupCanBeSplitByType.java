package asyncio.conformance;

import asyncio.ExceptionGroup;
import java.io.IOException;
import java.util.List;
import java.util.NoSuchElementException;

/** split() and subgroup() divide a nested group into matching and other errors, keeping the nesting. */
final class GroupCanBeSplitByType extends Program {
    List<Object> shape(ExceptionGroup group) {
        if (group == null) {
            return null;
        }
        return each(
                group.exceptions(),
                e -> e instanceof ExceptionGroup inner ? shape(inner) : nameInPython(e) + " " + str(e));
    }

    @Override
    void program() {
        var group = new ExceptionGroup(
                "outer",
                List.of(
                        new IllegalArgumentException("a"),
                        new NoSuchElementException("b"),
                        new ExceptionGroup("inner", List.of(new IllegalArgumentException("c"), new IOException("d")))));
        say("all", shape(group));
        var split = group.split(IllegalArgumentException.class);
        var values = split.matching();
        var others = split.others();
        say("values", shape(values));
        say("others", shape(others));
        say("message kept", values.message(), "-", others.message());
        say("os errors", shape(group.subgroup(IOException.class)));
        say("none", shape(group.subgroup(ClassCastException.class)));
        say("by test", shape(group.subgroup(e -> !(e instanceof ExceptionGroup) && "bd".contains(str(e)))));
        say("same members", values.exceptions().get(0) == group.exceptions().get(0));
        try {
            new ExceptionGroup("empty", List.of());
        } catch (IllegalArgumentException e) {
            say("a group needs a member", e);
        }
    }
}
