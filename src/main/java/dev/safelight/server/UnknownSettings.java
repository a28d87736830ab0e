package dev.safelight.server;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.properties.BoundConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.env.PropertySource;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.stereotype.Component;
import org.springframework.util.ClassUtils;

/// Refuses to start with a file that sets what is no setting: it is a typo, and what was meant would not
/// hold.
///
/// Only files are looked at. Variables that begin with `SAFELIGHT_` also belong to the launcher and to
/// clients.
@Component
final class UnknownSettings implements SmartInitializingSingleton {
    private static final ConfigurationPropertyName OURS = ConfigurationPropertyName.of("safelight");
    /// Read by itself, and part of no class.
    private static final ConfigurationPropertyName PUBLIC_URL = ConfigurationPropertyName.of("safelight.public-url");

    /// Settings of the past, and what they are called now.
    private static final Map<String, String> RENAMED = Map.of(
            "safelight.embedded.origins", "safelight.upload.origins",
            "safelight.jobs.worker", "safelight.roles",
            "safelight.roles.api", "safelight.roles",
            "safelight.roles.delivery", "safelight.roles");

    private final ConfigurableApplicationContext context;

    UnknownSettings(ConfigurableApplicationContext context) {
        this.context = context;
    }

    @Override
    public void afterSingletonsInstantiated() {
        RENAMED.forEach(this::requireUnset);
        BoundConfigurationProperties bound = BoundConfigurationProperties.get(context);
        if (bound == null) {
            throw new IllegalStateException("nothing tells which settings were read");
        }
        for (PropertySource<?> file : context.getEnvironment().getPropertySources()) {
            if (file instanceof OriginTrackedMapPropertySource
                    && ConfigurationPropertySource.from(file) instanceof IterableConfigurationPropertySource names) {
                names.stream()
                        .filter(OURS::isAncestorOf)
                        .filter(name -> !isEmpty(names, name))
                        .forEach(name -> requireKnown(name, bound));
            }
        }
    }

    /// Wherever it is set: whoever set it relied on it.
    private void requireUnset(String old, String current) {
        var environment = context.getEnvironment();
        if (environment.containsProperty(old) || environment.containsProperty(old + "[0]")) {
            throw new IllegalArgumentException(old + " is now called " + current + ".");
        }
    }

    /// A heading with nothing below it.
    private static boolean isEmpty(ConfigurationPropertySource source, ConfigurationPropertyName name) {
        var property = source.getConfigurationProperty(name);
        return property == null || String.valueOf(property.getValue()).isEmpty();
    }

    private void requireKnown(ConfigurationPropertyName name, BoundConfigurationProperties bound) {
        ConfigurationPropertyName list = withoutIndex(name);
        boolean known = name.equals(PUBLIC_URL)
                || bound.getAll().keySet().stream().anyMatch(one -> list.equals(one) || isItem(name, list, one));
        if (!known) {
            throw new IllegalArgumentException(name + " is no setting. " + knownBeside(name));
        }
    }

    /// Lists are taken whole from one place, perhaps another one; Boot itself looks for typos within them.
    private static boolean isItem(
            ConfigurationPropertyName name, ConfigurationPropertyName list, ConfigurationPropertyName bound) {
        return !list.equals(name) && list.isAncestorOf(bound);
    }

    private static ConfigurationPropertyName withoutIndex(ConfigurationPropertyName name) {
        for (int i = 0; i < name.getNumberOfElements(); i++) {
            if (name.isNumericIndex(i)) {
                return name.chop(i);
            }
        }
        return name;
    }

    private String knownBeside(ConfigurationPropertyName name) {
        Map<ConfigurationPropertyName, SortedSet<String>> known = new TreeMap<>();
        known.computeIfAbsent(OURS, _ -> new TreeSet<>()).add(PUBLIC_URL.getLastElement(Form.ORIGINAL));
        settings().forEach(type -> {
            ConfigurationPropertyName prefix = ConfigurationPropertyName.of(MergedAnnotations.from(type)
                    .get(ConfigurationProperties.class)
                    .getString("prefix"));
            collect(prefix, type, known);
        });
        ConfigurationPropertyName parent = name.getParent();
        while (!known.containsKey(parent)) {
            parent = parent.getParent();
        }
        return "Below %s there are: %s".formatted(parent, String.join(", ", known.get(parent)));
    }

    /// All classes of settings, also those of parts that do not exist in this process.
    private static List<Class<?>> settings() {
        var scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        String all = ClassUtils.getPackageName(UnknownSettings.class.getPackageName());
        return scanner.findCandidateComponents(all).stream()
                .<Class<?>>map(found -> ClassUtils.resolveClassName(
                        Objects.requireNonNull(found.getBeanClassName()), UnknownSettings.class.getClassLoader()))
                .toList();
    }

    private static void collect(
            ConfigurationPropertyName prefix, Class<?> type, Map<ConfigurationPropertyName, SortedSet<String>> known) {
        for (ConfigurationPropertyName name = prefix; !name.equals(OURS); name = name.getParent()) {
            known.computeIfAbsent(name.getParent(), _ -> new TreeSet<>()).add(name.getLastElement(Form.ORIGINAL));
        }
        for (RecordComponent component : type.getRecordComponents()) {
            String name = DataObjectPropertyName.toDashedForm(component.getName());
            known.computeIfAbsent(prefix, _ -> new TreeSet<>()).add(name);
            if (component.getType().isRecord()) {
                collect(prefix.append(name), component.getType(), known);
            }
        }
    }
}
