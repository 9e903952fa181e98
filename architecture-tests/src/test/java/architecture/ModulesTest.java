package architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the module descriptors say is what the classes need. */
@Tag("once")
class ModulesTest {
    private static final Map<String, DescribedPredicate<JavaClass>> MODULES = modules();
    private static final Map<String, ModuleDescriptor> DESCRIPTORS = new HashMap<>();

    private static Map<String, DescribedPredicate<JavaClass>> modules() {
        var modules = new LinkedHashMap<String, DescribedPredicate<JavaClass>>();
        modules.put("io.github.asyncio4j.api", Jars.API);
        modules.put("io.github.asyncio4j.kotlin", Jars.KOTLIN);
        modules.put("io.github.asyncio4j.vertx", Jars.VERTX);
        modules.put("io.github.asyncio4j.http", Jars.HTTP);
        modules.put("io.github.asyncio4j.opentelemetry", Jars.OPENTELEMETRY);
        modules.put("io.github.asyncio4j.micrometer", Jars.MICROMETER);
        modules.put("io.github.asyncio4j.testing", Jars.TESTING);
        return modules;
    }

    private static ModuleDescriptor descriptorOf(String name) {
        return DESCRIPTORS.computeIfAbsent(name, ModulesTest::readDescriptorOf);
    }

    private static ModuleDescriptor readDescriptorOf(String name) {
        var found = ModuleFinder.of(Jars.placeOf(MODULES.get(name)))
                .find(name)
                .orElseThrow(() -> new AssertionError("There is no descriptor of " + name))
                .descriptor();
        assertTrue(!found.isAutomatic(), () -> name + " is an automatic module");
        return found;
    }

    @Test
    void everyPublicPackageIsExportedAndNoInternalOneToAll() {
        MODULES.forEach((name, classes) -> {
            var exported = new TreeSet<String>();
            for (var exports : descriptorOf(name).exports()) {
                if (!exports.isQualified()) {
                    exported.add(exports.source());
                }
            }
            var visible = new TreeSet<String>();
            for (var type : Jars.ALL.that(classes)) {
                if (!type.getPackageName().startsWith("asyncio.internal")) {
                    visible.add(type.getPackageName());
                }
            }
            assertEquals(visible, exported, name);
        });
    }

    @Test
    void everyInternalPackageIsExportedToTheModulesThatUseIt() {
        var missing = new TreeSet<String>();
        MODULES.forEach((user, classes) -> {
            for (var type : Jars.ALL.that(classes)) {
                for (var dependency : type.getDirectDependenciesFromSelf()) {
                    var target = dependency.getTargetClass().getBaseComponentType();
                    var owner = ownerOf(target);
                    if (owner != null && !owner.equals(user) && !exports(owner, target.getPackageName(), user)) {
                        missing.add(owner + " exports " + target.getPackageName() + " to " + user);
                    }
                }
            }
        });
        assertEquals(Set.of(), missing);
    }

    private static String ownerOf(JavaClass type) {
        return MODULES.keySet().stream()
                .filter(name -> MODULES.get(name).test(type))
                .findFirst()
                .orElse(null);
    }

    private static boolean exports(String owner, String packageName, String user) {
        return descriptorOf(owner).exports().stream()
                .anyMatch(exports -> exports.source().equals(packageName)
                        && (!exports.isQualified() || exports.targets().contains(user)));
    }

    @Test
    void providersAreFoundOnTheModulePathAsOnTheClassPath() {
        assertEquals(
                List.of("asyncio.internal.vertx.VertxProvider"),
                provided("io.github.asyncio4j.vertx", "asyncio.spi.AsyncioProvider"));
        assertEquals(
                List.of("asyncio.internal.http.provider.HttpClientProvider"),
                provided("io.github.asyncio4j.http", "asyncio.spi.HttpProvider"));
        assertEquals(
                List.of("asyncio.internal.io.VertxIoProvider"),
                provided("io.github.asyncio4j.vertx", "asyncio.spi.IoProvider"));
        assertEquals(
                Set.of("asyncio.spi.AsyncioProvider", "asyncio.spi.HttpProvider", "asyncio.spi.IoProvider"),
                descriptorOf("io.github.asyncio4j.api").uses());
    }

    private static List<String> provided(String module, String service) {
        return descriptorOf(module).provides().stream()
                .filter(provides -> provides.service().equals(service))
                .flatMap(provides -> provides.providers().stream())
                .toList();
    }
}
