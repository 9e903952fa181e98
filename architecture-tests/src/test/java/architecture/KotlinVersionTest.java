package architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import kotlin.Metadata;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Kotlin's compiler refuses classes whose metadata are newer than itself by more than one version. */
@Tag("once")
class KotlinVersionTest {
    @Test
    void usersOfKotlin22CanCompileAgainstEachModule() {
        for (var module : List.of(Jars.KOTLIN, Jars.VERTX, Jars.HTTP, Jars.TESTING)) {
            var versions = versionsIn(module);
            assertFalse(versions.isEmpty(), module.getDescription() + " has no class of Kotlin");
            assertEquals(Set.of("2.2"), versions, module.getDescription());
        }
    }

    private static Set<String> versionsIn(DescribedPredicate<JavaClass> module) {
        return Jars.ALL.stream()
                .filter(module)
                .filter(type -> type.isAnnotatedWith(Metadata.class))
                .map(type -> type.getAnnotationOfType(Metadata.class).mv())
                .map(version -> version[0] + "." + version[1])
                .collect(Collectors.toSet());
    }
}
