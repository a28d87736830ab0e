import java.util.List;
import java.util.Random;

/// What a crowd asks for: mostly small pictures, some of them again and again, now and then something costly or wrong.
final class LoadMix {
    private static final String MISSING = "01a1fcc0-fd8f-71b9-9ae1-1e4ed241e5";

    private final Random random;
    private final List<String> ids;
    private final List<String> refused;

    /// @param ids of pictures, the first for watermarks; grows meanwhile
    /// @param refused ids of uploads that were rejected
    LoadMix(long seed, List<String> ids, List<String> refused) {
        this.random = new Random(seed);
        this.ids = ids;
        this.refused = refused;
    }

    /// A request.
    ///
    /// @param path with its query
    record Wish(String path, String accept) {}

    Wish next() {
        String accept = oneOf("image/avif,image/webp,*/*;q=0.8", "image/webp,*/*;q=0.8", "*/*");
        return new Wish(path(), accept);
    }

    private String path() {
        int dice = random.nextInt(100);
        // The same few addresses, as on a front page.
        if (dice < 20) {
            return "/images/" + ids.get(random.nextInt(Math.min(4, ids.size()))) + "?w=" + oneOf("160", "320") + "&fm=webp";
        }
        String picture = "/images/" + ids.get(random.nextInt(ids.size())) + "?cachebuster=" + random.nextInt(1000) + "&";
        String small = "w=" + (40 + random.nextInt(400));
        if (dice < 50) {
            return picture + small + "&fm=" + oneOf("webp", "avif", "auto", "jpeg");
        }
        return switch (dice / 5) {
            case 10 -> picture + small + "&h=" + (40 + random.nextInt(300)) + "&fit=" + oneOf("cover", "fill", "auto") + "&g="
                    + oneOf("center", "north", "smart", "fp:0.3,0.6");
            case 11 -> picture + "w=" + (800 + random.nextInt(1200)) + "&fm=" + oneOf("webp", "jpeg", "avif");
            case 12 -> picture + "w=" + (2000 + random.nextInt(2000)) + "&fm=" + oneOf("webp", "jpeg") + "&enlarge=" + oneOf("true", "false");
            case 13 -> picture + small + "&blur=" + (1 + random.nextInt(60));
            case 14 -> picture + "w=200&fm=" + oneOf("gif", "webp") + "&pad=" + random.nextInt(20);
            case 15 -> picture + small + "&crop=0." + (1 + random.nextInt(9)) + ",0." + (1 + random.nextInt(9)) + "&trim=10";
            case 16 -> picture + oneOf("rotate=90", "fm=jpeg", "fm=webp", "grayscale=true", small + "&sharpen=1", small + "&pixelate=9");
            case 17 -> picture + small + "&watermark=" + ids.getFirst() + ",0.5," + oneOf("repeat", "southeast", "center") + ",4,4,0.2";
            case 18 -> "/images/" + nothing() + "?" + small + oneOf("", "&placeholder=true");
            default -> picture + oneOf("w=-1", "fit=round", "blu=3", "w=99999", "crop=a,b", "fm=bmp", "page=9999", "w=8000&h=8000&enlarge=true&fit=fill");
        };
    }

    private String nothing() {
        return refused.isEmpty() || random.nextBoolean()
                ? MISSING + (10 + random.nextInt(90))
                : refused.get(random.nextInt(refused.size()));
    }

    private String oneOf(String... all) {
        return all[random.nextInt(all.length)];
    }
}
