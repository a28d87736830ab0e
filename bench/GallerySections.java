import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What the gallery shows: every operation, each on a picture where one sees whether it is right.
final class GallerySections {
    private static final String EVERYTHING = "image/avif,image/webp,image/*;q=0.8";
    private static final String[] COMPASS = {
        "northwest", "north", "northeast", "west", "center", "east", "southwest", "south", "southeast"
    };

    private final GalleryPictures pictures;
    private final List<Section> sections = new ArrayList<>();

    private GallerySections(GalleryPictures pictures) {
        this.pictures = pictures;
    }

    /// One request.
    ///
    /// @param picture absent for one that does not exist
    /// @param options a query, or the options of a path when they begin with a slash; `{mark}` stands for the watermark
    record Shot(Path picture, String options, String accept) {}

    record Section(String title, String note, List<Shot> shots) {}

    /// @param named pictures to show instead of the photos and the sources of the corpus
    static List<Section> of(GalleryPictures pictures, List<Path> named) {
        GallerySections all = new GallerySections(pictures);
        Path card = pictures.card();
        Path photo = named.isEmpty() ? pictures.corpusOr("photo-tomatoes-13mp.jpg", card) : named.getFirst();
        all.geometry(card);
        all.places(card, photo);
        all.edges(card);
        all.turning(card);
        all.effects(photo);
        all.watermarks(photo);
        all.output(photo);
        all.moving();
        all.transparency();
        all.sources(named);
        return all.sections;
    }

    private void geometry(Path card) {
        add("Fit", "A lying picture and a square box.", of(card, "w=240&h=240&fit=",
                "inside", "contain", "outside", "cover", "cover-down", "fill", "auto"));
        Path small = pictures.mark();
        add("Fit of a picture smaller than the box", "Nothing grows unless enlarge=true.", Stream.concat(
                of(small, "w=400&h=320&fit=", "inside", "cover", "cover-down", "fill"),
                of(small, "w=400&h=320&enlarge=true&fit=", "inside", "cover")));
        add("One side, minimum, zoom", "", of(card, "", "w=200", "h=120", "w=100&min-height=120", "w=200&zoom=1.5",
                "w=200&h=100&fit=fill&zoom=1,2"));
        add("dpr", "The same in more pixels.", of(card, "w=100&h=100&fit=cover&dpr=", "0.5", "1", "1.5", "2", "3"));
    }

    private void places(Path card, Path photo) {
        add("Gravity, upright box", "", of(card, "w=100&h=160&fit=cover&g=", COMPASS));
        add("Gravity, wide box", "", of(card, "w=240&h=80&fit=cover&g=", COMPASS));
        add("Gravity with offsets, points", "Offsets go inwards.", of(card, "w=120&h=160&fit=cover&g=",
                "west,20,0", "east,20,0", "fp:0.2,0.5", "fp:0.9,0.5", "focal", "smart"));
        List<Path> interesting = new ArrayList<>(List.of(photo, pictures.product()));
        interesting.addAll(pictures.corpus("photo-arctic-fox-12mp.jpg", "product-hummingbird-white.jpg", "photo-moon-16mp.jpg"));
        add("Gravity smart and focal", "What matters stays.", interesting.stream().flatMap(picture -> Stream.concat(
                of(picture, "", "w=200"), of(picture, "fit=cover&w=200&h=80&g=", "smart", "focal", "center"))));
        add("Crop", "Before resizing, in pixels of the original or fractions.", of(card, "w=200&crop=", "0.5,0.5", "400,267",
                "400,267,northwest", "400,267,southeast", "0.34,0,east", "0,267,south", "0.3,0.3,fp:0.8,0.2", "600,400,smart"));
    }

    private void edges(Path card) {
        Path product = pictures.product();
        Stream<Shot> trims = Stream.concat(
                of(product, "w=300&", "q=80", "trim=10", "trim=10,fff", "trim=10,,true", "trim=10,,false,true", "trim=10,00f"),
                pictures.corpus("product-white-bg-cat.jpg", "product-hummingbird-white.jpg", "product-chair-light-bg.jpg").stream()
                        .flatMap(picture -> of(picture, "w=240&", "q=80", "trim=10", "trim=40")));
        add("Trim", "Edges of one colour go.", trims);
        add("Pad", "In the order of CSS.", of(card, "w=160&bg=ffd700&pad=", "10", "10,40", "0,10,20,40"));
        add("Extend", "Fills the box, the picture at this place.", Stream.concat(
                of(card, "w=200&h=200&bg=eee&extend=", "true", "north", "southeast", "south,0,20", "fp:0.5,0.2"),
                of(card, "w=200&h=200&fm=png&extend=", "true", "north")));
        add("Extend ratio", "The shape of the box only.", of(card, "w=200&h=300&bg=cde&extend-ratio=", "true", "north", "south"));
        add("Background", "", Stream.concat(of(pictures.mark(), "w=160&bg=", "fff", "000", "ff8800", "0,128,255", "teal", "00ff0080"),
                of(pictures.mark(), "w=160&", "fm=jpeg", "fm=jpeg&bg=00ff0080", "fm=png", "fm=webp")));
    }

    private void turning(Path card) {
        add("Rotate", "", of(card, "w=160&rotate=", "0", "90", "180", "270"));
        add("Flip", "", of(card, "w=160&", "flip=h", "flip=v", "flip=both", "flip=h&rotate=90"));
        add("Orientation 1–8, drawn", "All are alike.", IntStream.rangeClosed(1, 8)
                .boxed().flatMap(each -> of(pictures.turned(each), "w=160", "")));
        add("autorotate=false", "As they are stored.", IntStream.rangeClosed(1, 8)
                .boxed().flatMap(each -> of(pictures.turned(each), "w=160&autorotate=false", "")));
        add("Orientation, then cut", "The north west, whatever the camera did.", IntStream.rangeClosed(1, 8)
                .boxed().flatMap(each -> of(pictures.turned(each), "w=160&crop=0.34,0.34,northwest", "")));
        if (pictures.hasCorpus()) {
            List<Path> all = new ArrayList<>(IntStream.rangeClosed(1, 8)
                    .boxed().flatMap(each -> pictures.corpus("orient-landscape-" + each + ".jpg").stream()).toList());
            all.addAll(pictures.corpus("orient-6.png", "photo-p3-gps-orient6-12mp.jpg", "photo-orient6-10mp.webp"));
            add("Orientation, photos", "All are upright.", all.stream().flatMap(each -> of(each, "w=160", "")));
        }
    }

    private void effects(Path photo) {
        add("Blur", "", of(photo, "w=240&blur=", "0", "1", "3", "10", "40", "100"));
        add("Sharpen", "", of(photo, "w=240&sharpen=", "0", "0.5", "1", "3", "10"));
        add("Pixelate", "", of(photo, "w=240&pixelate=", "2", "8", "25", "100", "1000"));
        add("Grayscale", "", of(photo, "w=240&", "grayscale=true", "grayscale=true&fm=png", "grayscale=true&fm=avif"));
        add("Effects on transparency", "No halo, no dark edge.",
                of(pictures.mark(), "w=200&fm=png&", "blur=8", "blur=40", "sharpen=2", "pixelate=20", "grayscale=true"));
    }

    private void watermarks(Path photo) {
        add("Watermark, nine places", "", Stream.of(COMPASS).flatMap(place ->
                of(photo, "w=240&h=160&fit=cover&watermark={mark},0.9,", place + ",0,0,0.3")));
        add("Watermark: offset, opacity, scale, repeat", "", of(photo, "w=240&h=160&fit=cover&watermark={mark},",
                "1,northwest,20,10,0.3", "1,southeast,20,10,0.3", "1,southeast,0.1,0.1,0.3", "0.2,center,0,0,0.8", "0.6,center,0,0,1",
                "1,center,0,0,0", "0.5,repeat,0,0,0.2", "0.5,repeat,20,20,0.2", "0.5,repeat,5,40,0.1"));
        add("Watermark on transparency", "", of(pictures.mark(), "w=240&fm=png&watermark={mark},0.7,", "southeast,0,0,0.4",
                "repeat,10,10,0.15"));
    }

    private void output(Path photo) {
        add("Quality", "", Stream.of("jpeg", "webp", "avif").flatMap(format ->
                of(photo, "w=240&fm=" + format + "&q=", "10", "40", "75", "95", "auto")));
        add("At most so many bytes", "", of(photo, "w=480&fm=jpeg&max-bytes=", "40k", "15k", "5k"));
        add("Formats", "", of(photo, "w=320&fm=", "jpeg", "webp", "avif", "png", "gif"));
        add("Negotiated", "", Stream.of(EVERYTHING, "image/webp,*/*;q=0.5", "image/png", "*/*")
                .map(accept -> new Shot(photo, "w=160", accept)));
        add("Spelled as imgproxy does", "", of(photo, "/", "rs:fill:160:160/g:noea", "w:160/el:1/f:png", "rt:force/s:160:80/bl:3",
                "c:0.5:0.5:so/w:160", "rot:90/pd:10:20/bg:ff8800/h:160", "q:20/w:160/gs:1"));
    }

    private void moving() {
        Path gif = pictures.corpusOr("animated-cat.gif", pictures.several("moving.gif", "gif"));
        List<Path> moving = new ArrayList<>(List.of(gif));
        moving.addAll(pictures.corpus("animated-squares.webp", "animated-colors.avif", "animated-ball.apng.png"));
        add("Animations", "They move in GIF and WebP.", moving.stream().flatMap(each ->
                of(each, "w=160&", "fm=gif", "fm=webp", "fm=jpeg", "fm=webp&animated=false", "fm=avif")));
        add("Animations, changed", "Every frame alike.", of(gif, "fm=webp&", "w=160&h=160&fit=cover", "w=160&rotate=90",
                "w=160&pad=10&bg=f80", "w=160&blur=4", "w=160&watermark={mark},0.8,southeast,0,0,0.5", "w=160&crop=0.5,0.5", "w=160&trim=10"));
        Path pages = pictures.corpusOr("multipage-kofax-8mp.tif", pictures.several("pages.tif", "tiff"));
        add("Pages and frames", "", Stream.concat(of(pages, "w=200&page=", "0", "1"), of(gif, "w=160&page=", "0", "1", "2")));
    }

    private void transparency() {
        List<Path> all = new ArrayList<>(List.of(pictures.mark()));
        all.addAll(pictures.corpus("tulips-soft-alpha.png", "product-balloon-alpha.png", "colour-wheel-alpha.webp",
                "letters-irot-alpha.avif", "palette-trns-pngsuite.png", "gray-alpha-16bit.png"));
        add("Transparency", "Shrunk, then on nothing, white, black, a colour.", all.stream().flatMap(each ->
                of(each, "w=140&", "fm=png", "fm=webp", "fm=avif", "fm=gif", "fm=jpeg", "bg=000", "bg=f0f")));
        Path svg = pictures.corpusOr("cat-silhouette.svg", pictures.svg());
        add("SVG", "Sharp at every size.", of(svg, "w=", "32", "100", "400", "900", "400&fm=jpeg", "400&bg=fd0", "300&h=300&fit=cover"));
    }

    private void sources(List<Path> named) {
        List<Path> all = named.isEmpty()
                ? pictures.corpus("photo-arctic-fox-12mp.jpg", "photo-rabbit-adobergb-8mp.jpg", "photo-p3-gps-orient6-12mp.jpg",
                        "photo-milky-way-24mp.jpg", "photo-night-harbour-gps-12mp.jpg", "photo-desk-devices-22mp.jpg",
                        "photo-flower-progressive.jpg", "photo-flower-gray.jpg", "photo-flower-cmyk-noicc.jpg", "cmyk-swop-icc.jpg",
                        "gray-coast.png", "room-16bit-hlg.png", "gray-alpha-16bit.png", "palette-256.png", "paris-icc-exif-xmp.avif",
                        "cat-20mp.avif", "seine-hdr-rec2020.avif", "letters-irot-alpha.avif", "product-bottle-12mp.heic",
                        "town.heic", "bicycles.jxl", "oriented-icc.jxl", "multipage-kofax-8mp.tif", "multipage-small.tiff",
                        "product-sofa.jpg", "product-coffee.png", "product-cup-lid-white-gray.jpg")
                : named;
        add("Sources", "Every kind of file, small and from the original.", all.stream().flatMap(each ->
                of(each, "", "w=240&fm=jpeg", "w=240&fm=webp&crop=0.5,0.5")));
        add("Missing", "A picture that does not exist, with placeholder=true.", Stream.of("w=160", "w=160&h=90", "w=160&h=160&fm=webp")
                .map(options -> new Shot(null, options + "&placeholder=true", "*/*")));
    }

    private void add(String title, String note, Stream<Shot> shots) {
        List<Shot> all = shots.toList();
        if (!all.isEmpty()) {
            sections.add(new Section(title, note, all));
        }
    }

    private static Stream<Shot> of(Path picture, String start, String... ends) {
        return Stream.of(ends).map(end -> new Shot(picture, start + end, "*/*"));
    }
}
