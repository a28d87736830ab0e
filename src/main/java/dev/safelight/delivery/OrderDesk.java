package dev.safelight.delivery;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.Facts;
import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import dev.safelight.catalog.CatalogEntry;
import dev.safelight.delivery.PictureFinder.Found;
import dev.safelight.image.Geometry;
import dev.safelight.render.Order;
import dev.safelight.render.Placeholders;
import dev.safelight.render.Subject;
import dev.safelight.transform.ClientHints;
import dev.safelight.transform.Gravity;
import dev.safelight.transform.ImageRequest;
import dev.safelight.transform.Source;
import dev.safelight.transform.TransformPolicy;
import dev.safelight.transform.Transformation;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.eclipse.jetty.http.HttpFields;
import org.jspecify.annotations.Nullable;

/// Turns a request into an order that leaves nothing open: what the client's header fields, the catalogue and
/// the settings decide is decided here.
final class OrderDesk {
    private final PictureFinder pictures;
    private final Placeholders placeholders;
    private final ImageAnswers answers;
    private final TransformPolicy policy;
    private final Map<MediaType, Integer> qualities;
    private final @Nullable AssetId watermark;

    /// @param qualities by format, where requests name none and the encoder's own is not wanted
    /// @param watermark the picture of watermarks that name none
    OrderDesk(
            PictureFinder pictures,
            Placeholders placeholders,
            ImageAnswers answers,
            TransformPolicy policy,
            Map<MediaType, Integer> qualities,
            @Nullable AssetId watermark) {
        this.pictures = pictures;
        this.placeholders = placeholders;
        this.answers = answers;
        this.policy = policy;
        this.qualities = Map.copyOf(qualities);
        this.watermark = watermark;
    }

    /// An order and how it is answered.
    ///
    /// @param fields of the answer
    /// @param isKept whether the answer may stay in memory
    /// @param isRepeatable whether an equal address with an equal `Accept` always leads here
    record Ticket(Order order, Map<String, String> fields, boolean isKept, boolean isRepeatable) {
        /// Equal for answers that are equal to the last field.
        String view() {
            return order.key() + ' ' + fields;
        }
    }

    /// @param permit of whoever asks
    Ticket take(ImageRequest request, Found found, Subject subject, Permit permit, HttpFields client)
            throws IOException, InterruptedException {
        ImageRequest wanted = policy.hinted(request, hints(client));
        CatalogEntry entry = found.entry();
        Transformation asked = focused(wanted.transformation(), subject);
        MediaType format = formatOf(asked, subject, client);
        boolean skipped = wanted.skip().contains(subject.type()) && subject.type() == format;
        Transformation whole = inQuality(skipped ? Transformation.NONE : asked, format);
        Geometry size = size(whole, subject);
        policy.checkResult(
                size.resultWidth(), size.resultHeight(), Formats.moves(whole, subject) ? subject.frames() : 1);
        Transformation exact = Simplification.of(whole, subject);
        boolean shared = permit instanceof Permit.Everybody;
        boolean kept = shared && entry != null && wanted.expires() == null;
        Order order = new Order(subject, exact, watermark(exact), wanted.byPresets());
        Map<String, String> fields = new LinkedHashMap<>(answers.fields(wanted, permit, subject.reuse()));
        if (shared && entry != null) {
            fields.putAll(answers.tags(entry, order.assets()));
        }
        return new Ticket(order, fields, kept, kept && wanted.wanted().fields().isEmpty());
    }

    /// The picture that stands in for a missing one, in the size that was asked for.
    Ticket placeholder(ImageRequest request, HttpFields client) throws IOException {
        ImageRequest wanted = policy.hinted(request, hints(client));
        Subject stand = placeholders.of(wanted.transformation().resize());
        Transformation plain = Transformation.NONE.with(wanted.transformation().output());
        MediaType format = formatOf(plain, stand, client);
        return new Ticket(new Order(stand, plain.as(format), null, false), answers.ofPlaceholder(wanted), false, false);
    }

    private static MediaType formatOf(Transformation asked, Subject subject, HttpFields client) {
        return Formats.choose(asked, subject, size(asked, subject), Formats.accept(client));
    }

    private static Geometry size(Transformation asked, Subject subject) {
        return Geometry.of(subject.width(), subject.height(), subject.type() == MediaType.SVG, asked);
    }

    private static ClientHints hints(HttpFields client) {
        return ClientHints.read(
                client.get("Sec-CH-DPR"), client.get("DPR"), client.get("Sec-CH-Width"), client.get("Width"));
    }

    /// With the focal point of the asset in place of its name.
    private static Transformation focused(Transformation asked, Subject subject) {
        Facts.FocalPoint point =
                subject instanceof Subject.Stored(var _, Facts.Image facts) ? facts.focalPoint() : null;
        return point == null ? asked : asked.focusedAt(new Gravity.Point(point.x(), point.y()));
    }

    private Transformation inQuality(Transformation asked, MediaType format) {
        Transformation exact = asked.as(format);
        Integer quality = qualities.get(format);
        return quality != null && exact.output().quality() instanceof Transformation.Quality.Standard
                ? exact.with(new Transformation.Output(
                        format,
                        new Transformation.Quality.Fixed(quality),
                        Map.of(),
                        exact.output().maxBytes()))
                : exact;
    }

    private @Nullable Subject watermark(Transformation exact) throws IOException, InterruptedException {
        Transformation.Watermark mark = exact.watermark();
        if (mark == null) {
            return null;
        }
        AssetId id = mark.asset() == null ? watermark : mark.asset();
        if (id == null) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "No default watermark is configured; name an asset, or set safelight.transform.watermark.");
        }
        return pictures.find(new Source.Asset(id, null))
                .filter(pictures::isForAnybody)
                .map(Found::subject)
                .orElseThrow(() -> new Failure(Failure.Kind.NOT_FOUND, "There is no picture to be the watermark."));
    }
}
