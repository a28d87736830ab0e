package dev.safelight.transform;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Every option of imgproxy that is understood, with the names imgproxy has for it.
enum ImgproxyOption {
    RESIZE("resize rs", "type:width:height:enlarge:extend", null, ImgproxyValues::resize),
    SIZE("size s", "width:height:enlarge:extend", null, ImgproxyValues::size),
    RESIZING_TYPE(
            "resizing_type rt",
            "fit, fill, fill-down, force, auto",
            Option.FIT,
            (draft, args) -> ImgproxyValues.type(draft, args.only())),
    WIDTH("width w", "width", Option.WIDTH, same(Option.WIDTH)),
    HEIGHT("height h", "height", Option.HEIGHT, same(Option.HEIGHT)),
    MIN_WIDTH("min-width mw", "width", Option.MIN_WIDTH, same(Option.MIN_WIDTH)),
    MIN_HEIGHT("min-height mh", "height", Option.MIN_HEIGHT, same(Option.MIN_HEIGHT)),
    ZOOM("zoom z", "x:y", Option.ZOOM, ImgproxyValues::zoom),
    DPR("dpr", "dpr", Option.DPR, same(Option.DPR)),
    ENLARGE("enlarge el", "flag", Option.ENLARGE, same(Option.ENLARGE)),
    EXTEND("extend ex", "flag:gravity:x:y", Option.EXTEND, ImgproxyValues::extend),
    EXTEND_RATIO(
            "extend_aspect_ratio extend_ar exar", "flag:gravity:x:y", Option.EXTEND_RATIO, ImgproxyValues::extendRatio),
    GRAVITY("gravity g", "type:x:y", Option.GRAVITY, ImgproxyValues::gravity),
    CROP("crop c", "width:height:gravity:x:y", Option.CROP, ImgproxyValues::crop),
    TRIM("trim t", "threshold:color:equal_hor:equal_ver", Option.TRIM, ImgproxyValues::trim),
    PADDING("padding pd", "top:right:bottom:left", Option.PAD, ImgproxyValues::padding),
    AUTO_ROTATE("auto_rotate ar", "flag", Option.AUTOROTATE, same(Option.AUTOROTATE)),
    ROTATE("rotate rot", "degrees", Option.ROTATE, ImgproxyValues::rotate),
    FLIP("flip fl", "horizontal:vertical", Option.FLIP, ImgproxyValues::flip),
    BACKGROUND("background bg", "hex or r:g:b", Option.BACKGROUND, ImgproxyValues::background),
    BLUR("blur bl", "sigma", Option.BLUR, same(Option.BLUR)),
    SHARPEN("sharpen sh", "sigma", Option.SHARPEN, same(Option.SHARPEN)),
    PIXELATE("pixelate pix", "size", Option.PIXELATE, same(Option.PIXELATE)),
    GRAYSCALE("grayscale gs", "flag", Option.GRAYSCALE, same(Option.GRAYSCALE)),
    WATERMARK("watermark wm", "opacity:position:x:y:scale", Option.WATERMARK, ImgproxyValues::watermark),
    QUALITY("quality q", "quality", Option.QUALITY, ImgproxyValues::quality),
    AUTO_QUALITY("autoquality aq", "none, dssim or ml", Option.QUALITY, ImgproxyValues::autoQuality),
    FORMAT_QUALITY("format_quality fq", "format:quality:…", Option.FORMAT_QUALITY, ImgproxyValues::formatQuality),
    MAX_BYTES("max_bytes mb", "bytes", Option.MAX_BYTES, same(Option.MAX_BYTES)),
    FORMAT("format f ext", "format", Option.FORMAT, (draft, args) -> ImgproxyValues.format(draft, args.only())),
    PAGE("page pg", "page", Option.PAGE, same(Option.PAGE)),
    ANIMATED("animated", "flag", Option.ANIMATED, same(Option.ANIMATED)),
    DISABLE_ANIMATION("disable_animation da", "flag", Option.ANIMATED, ImgproxyValues::disableAnimation),
    PRESET("preset pr", "name:name:…", Option.PRESET, ImgproxyValues::presets),
    CACHEBUSTER("cachebuster cb", "text", Option.CACHEBUSTER, same(Option.CACHEBUSTER)),
    EXPIRES("expires exp", "seconds", Option.EXPIRES, ImgproxyValues::expires),
    FILENAME("filename fn", "name:encoded", Option.FILENAME, ImgproxyValues::fileName),
    RETURN_ATTACHMENT("return_attachment att", "flag", Option.ATTACHMENT, same(Option.ATTACHMENT)),
    PLACEHOLDER("placeholder", "flag", Option.PLACEHOLDER, same(Option.PLACEHOLDER)),
    SKIP_PROCESSING("skip_processing skp", "format:format:…", Option.SKIP, ImgproxyValues::skip),
    STRIP_METADATA("strip_metadata sm", "flag", null, ImgproxyOption::changeNothing),
    KEEP_COPYRIGHT("keep_copyright kcr", "flag", null, ImgproxyOption::changeNothing),
    STRIP_COLOR_PROFILE("strip_color_profile scp", "flag", null, ImgproxyOption::changeNothing),
    PRESERVE_HDR("preserve_hdr ph", "flag", null, ImgproxyOption::changeNothing),
    ENFORCE_THUMBNAIL("enforce_thumbnail eth", "flag", null, ImgproxyOption::changeNothing),
    RAW("raw", "flag", null, ImgproxyValues::raw);

    /// What only the Pro edition of imgproxy has, or what would lift limits of the configuration.
    private static final List<String> REFUSED = List.of(
            ("resizing_algorithm ra objects_position obj_pos op crop_aspect_ratio crop_ar car background_alpha bga"
                            + " adjust a brightness br contrast co saturation sa monochrome mc duotone dt"
                            + " unsharp_masking ush blur_areas ba progressive_blur pbl blur_detections bd"
                            + " draw_detections dd crop_objects colorize col gradient gr watermark_url wmu"
                            + " watermark_text wmt watermark_size wms watermark_rotate wmr wm_rot watermark_shadow wmsh"
                            + " style st dpi color_profile cp icc jpeg_options jpgo png_options pngo webp_options webpo"
                            + " avif_options avifo pages pgs video_thumbnail_second vts video_thumbnail_keyframes vtk"
                            + " video_thumbnail_tile vtt video_thumbnail_animation vta fallback_image_url fiu"
                            + " bypass_cache bc cache_tags ct hashsum hs max_src_resolution msr max_src_file_size msfs"
                            + " max_animation_frames maf max_animation_frame_resolution mafr max_result_dimension mrd")
                    .split(" "));

    private static final Map<String, ImgproxyOption> BY_NAME = new HashMap<>();

    static {
        for (ImgproxyOption option : values()) {
            option.names.forEach(name -> BY_NAME.put(name, option));
        }
    }

    private final List<String> names;
    private final String arguments;
    private final @Nullable Option counterpart;
    private final BiConsumer<Draft, Arguments> reader;

    ImgproxyOption(String names, String arguments, @Nullable Option counterpart, BiConsumer<Draft, Arguments> reader) {
        this.names = Arrays.asList(names.split(" "));
        this.arguments = arguments;
        this.counterpart = counterpart;
        this.reader = reader;
    }

    private static BiConsumer<Draft, Arguments> same(Option option) {
        return (draft, args) -> option.read(draft, args.only());
    }

    /// Metadata and profiles are stripped from every result; the flag is checked and that is all.
    private static void changeNothing(Draft draft, Arguments args) {
        args.only().flag();
    }

    static Optional<ImgproxyOption> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    static boolean isRefused(String name) {
        return REFUSED.contains(name);
    }

    List<String> names() {
        return names;
    }

    String arguments() {
        return arguments;
    }

    @Nullable
    Option counterpart() {
        return counterpart;
    }

    void read(Draft draft, Arguments args) {
        reader.accept(draft, args);
    }
}
