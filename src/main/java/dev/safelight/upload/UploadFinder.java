package dev.safelight.upload;

import dev.safelight.access.Caller;
import dev.safelight.access.UploadSession;
import dev.safelight.asset.Failure;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/// Finds uploads, and only those that the caller may see: any other is as unknown as one that does not exist.
@Component
@OnRole({ServerRole.API, ServerRole.WORKER})
final class UploadFinder {
    private static final Pattern UUID_FORM = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final UploadRepository ledger;

    UploadFinder(UploadRepository ledger) {
        this.ledger = ledger;
    }

    /// Whether a text could name an upload.
    static boolean isId(String text) {
        return UUID_FORM.matcher(text).matches();
    }

    /// @throws Failure NOT_FOUND
    Standing find(String id, Caller caller) {
        return findAll(List.of(id), caller).stream().findFirst().orElseThrow(() -> unknown(id));
    }

    /// An upload that the caller may go on with or end.
    ///
    /// @throws Failure NOT_FOUND, or FORBIDDEN when the caller may only look at it
    Upload findToChange(String id, Caller caller) {
        Standing standing = find(id, caller);
        if (!caller.mayChange(standing.space(), standing.upload().sender().owner())) {
            throw new Failure(
                    Failure.Kind.FORBIDDEN, "This key may see the upload \"%s\", but not change it.".formatted(id));
        }
        return standing.upload();
    }

    /// Those of the uploads that exist and may be seen, in the order of the ids.
    List<Standing> findAll(List<String> ids, Caller caller) {
        List<UUID> wanted =
                ids.stream().filter(UploadFinder::isId).map(UUID::fromString).toList();
        List<Standing> found = ledger.standings(wanted);
        return wanted.stream()
                .flatMap(id -> found.stream()
                        .filter(standing -> standing.upload().id().equals(id))
                        .filter(standing -> maySee(standing, caller)))
                .toList();
    }

    private static boolean maySee(Standing standing, Caller caller) {
        return caller.maySee(standing.space(), standing.upload().sender().owner());
    }

    /// How an upload stands that was just touched.
    Standing standing(UUID id) {
        return Optional.of(ledger.standings(List.of(id)))
                .filter(found -> !found.isEmpty())
                .map(List::getFirst)
                .orElseThrow(() -> unknown(id.toString()));
    }

    /// @throws Failure NOT_FOUND for any that was not begun in the session
    Standing findOfSession(String id, UploadSession session) {
        return Optional.of(id)
                .filter(UploadFinder::isId)
                .flatMap(text -> ledger.standings(List.of(UUID.fromString(text))).stream()
                        .findFirst())
                .filter(found -> session.id().equals(found.upload().sender().session()))
                .orElseThrow(() -> unknown(id));
    }

    static Failure unknown(String id) {
        return new Failure(Failure.Kind.NOT_FOUND, "There is no upload \"%s\".".formatted(Shown.shortened(id)));
    }
}
