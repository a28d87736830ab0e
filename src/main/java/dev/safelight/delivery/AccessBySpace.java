package dev.safelight.delivery;

import dev.safelight.asset.Space;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Who may read what lies in each space, once it is READY and approved; under `safelight.delivery.access`.
public record AccessBySpace(
        @DefaultValue("public") Mode product,
        @DefaultValue("private") Mode user,
        @DefaultValue("public") Mode marketing) {
    /// What holds unless the settings say otherwise.
    static final AccessBySpace STANDARD = new AccessBySpace(Mode.PUBLIC, Mode.PRIVATE, Mode.PUBLIC);

    /// What a read needs.
    public enum Mode {
        /// Nothing: anybody may have it, and any cache keep it.
        PUBLIC,
        /// A signature of any format, or an API key that sees the asset.
        SIGNED,
        /// An API key that sees the asset, or a signature that was made for private spaces.
        PRIVATE
    }

    Mode of(Space space) {
        return switch (space) {
            case PRODUCT -> product;
            case USER -> user;
            case MARKETING -> marketing;
        };
    }

    boolean isPublic(Space space) {
        return of(space) == Mode.PUBLIC;
    }

    boolean anySigned() {
        return Stream.of(product, user, marketing).anyMatch(mode -> mode == Mode.SIGNED);
    }
}
