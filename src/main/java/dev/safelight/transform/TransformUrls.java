package dev.safelight.transform;

import dev.safelight.asset.Failure;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads URLs of both grammars as the configuration allows them: signature, options, policy, in this order.
public final class TransformUrls {
    private final Signatures signatures;
    private final ImgproxyPaths paths;
    private final QueryGrammar query;
    private final ImgproxyGrammar imgproxy;
    private final TransformPolicy policy;

    /// @param reserved first segments of the server's other paths
    /// @throws IllegalArgumentException naming the setting that cannot be used
    public TransformUrls(TransformSettings settings, Set<String> reserved) {
        Presets presets = new Presets(settings.presets());
        this.signatures = settings.signatures();
        this.paths = new ImgproxyPaths(reserved, signatures.length());
        this.query = new QueryGrammar(presets);
        this.imgproxy = new ImgproxyGrammar(presets);
        this.policy = new TransformPolicy(settings);
    }

    /// Whether a raw path is of either grammar.
    public boolean claims(String path) {
        return QueryGrammar.claims(path) || paths.claims(path);
    }

    /// @param path raw, as it came
    /// @param query raw, without the question mark
    /// @throws Failure INVALID, FORBIDDEN or NOT_FOUND
    public ImageRequest read(String path, @Nullable String query, Instant now) {
        QueryGrammar.requireLength(path.length() + (query == null ? 0 : query.length() + 1));
        boolean ours = QueryGrammar.claims(path);
        ImgproxyPaths.Split split = ours ? null : ImgproxyPaths.split(path).orElseThrow(QueryGrammar::nothingThere);
        if (split != null && query != null && !query.isEmpty()) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "this path has its options in itself; the ? of a source is written as %3F, so that it is signed too");
        }
        boolean signed = split == null ? signatures.isSigned(path, query) : isSigned(split);
        ImageRequest request = split == null ? this.query.read(path, query) : imgproxy.read(split.signed());
        policy.check(request, signed, now);
        return request;
    }

    /// Without keys anything may stand in the place of the signature and means nothing, as with imgproxy.
    private boolean isSigned(ImgproxyPaths.Split split) {
        if (split.isUnsigned() || signatures.isEmpty()) {
            return false;
        }
        if (!signatures.verify(split.signature(), split.signed())) {
            throw Signatures.wrong();
        }
        return true;
    }

    public Signatures signatures() {
        return signatures;
    }

    public TransformPolicy policy() {
        return policy;
    }
}
