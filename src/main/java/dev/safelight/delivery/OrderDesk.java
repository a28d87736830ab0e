package dev.safelight.delivery;

import dev.safelight.asset.Facts;
import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import dev.safelight.catalog.CatalogEntry;
import dev.safelight.delivery.PictureFinder.Found;
import dev.safelight.image.Geometry;
import dev.safelight.render.Order;
import dev.safelight.render.Subject;
import dev.safelight.transform.Gravity;
import dev.safelight.transform.ImageRequest;
import dev.safelight.transform.Negotiation;
import dev.safelight.transform.Source;
import dev.safelight.transform.Transformation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/// Turns a request into an order that leaves nothing open: what the client's headers, the catalogue and the settings
/// decide is decided here.
final class OrderDesk {
    private final PictureFinder pictures;
    private final ImageAnswers answers;
    private final Formats formats;

    OrderDesk(PictureFinder pictures, ImageAnswers answers, Formats formats) {
        this.pictures = pictures;
        this.answers = answers;
        this.formats = formats;
    }

    /// An order and how it is answered.
    ///
    /// @param fields of the answer
    /// @param isRepeatable whether an equal address with an equal `Accept` always leads here
    record Ticket(Order order, Map<String, String> fields, boolean isRepeatable) {
        /// Equal for answers that are equal to the last field.
        String view() {
            return order.key() + ' ' + fields;
        }
    }

    Ticket take(ImageRequest wanted, Found found, Request request) throws IOException, InterruptedException {
        Subject subject = Objects.requireNonNull(found.subject());
        CatalogEntry entry = found.entry();
        Transformation asked = focused(wanted.transformation(), subject);
        MediaType format = formats.choose(wanted, asked, subject, request.getHeaders().get(HttpHeader.ACCEPT));
        Transformation exact = wanted.skip().contains(subject.type()) && subject.type() == format
                ? Transformation.NONE.as(format)
                : asked.as(format);
        Order order = new Order(subject, exact, watermark(exact), wanted.byPresets());
        boolean shared = entry == null || Representation.isShared(entry.version().space());
        return new Ticket(
                order,
                answers.fields(wanted, shared),
                shared && entry != null && wanted.expires() == null && wanted.wanted().fields().isEmpty());
    }

    /// The picture that stands in for a missing one, in the size that was asked for.
    Ticket placeholder(ImageRequest wanted, Subject stand, Request request) {
        Transformation.Resize resize = wanted.transformation().resize();
        Transformation plain = new Transformation(
                Transformation.Frames.ALL,
                Transformation.Turn.UPRIGHT,
                null,
                null,
                resize,
                Transformation.Effects.NONE,
                Transformation.Canvas.NONE,
                null,
                wanted.transformation().output());
        MediaType format = formats.choose(wanted, plain, stand, request.getHeaders().get(HttpHeader.ACCEPT));
        return new Ticket(new Order(stand, plain.as(format), null, false), answers.ofPlaceholder(wanted), false);
    }
}
