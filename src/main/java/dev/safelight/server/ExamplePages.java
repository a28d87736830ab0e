package dev.safelight.server;

import dev.safelight.access.OpenPages;
import dev.safelight.asset.Bucket;
import dev.safelight.role.Roles;
import dev.safelight.role.ServerRole;
import dev.safelight.store.StoreRole;
import dev.safelight.store.s3.S3Settings;
import dev.safelight.web.UploadOrigins;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.URI;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/// Serves the example pages below `/examples/`, where the settings say so.
@Configuration(proxyBeanMethods = false)
class ExamplePages {
    private static final String UPPY = "/examples/uppy/";

    @Bean
    OpenPages openPages(ServerSettings settings) {
        return new OpenPages(settings.examples());
    }

    @Bean
    WebMvcConfigurer examplePageHandlers(
            OpenPages pages, ObjectProvider<StoreConfiguration.Identities> identities, Roles roles) {
        return pages.examples() && roles.has(ServerRole.API)
                ? new Handlers(policy(storeOrigin(identities.getObject().of(StoreRole.UPLOADER))))
                : new WebMvcConfigurer() {};
    }

    /// Where pages send the bytes of originals.
    private static String storeOrigin(S3Settings settings) {
        URI endpoint = settings.publicEndpoint();
        String url = settings.pathStyle()
                ? endpoint.toString()
                : endpoint.getScheme() + "://" + settings.name(Bucket.RAW) + "." + endpoint.getAuthority();
        return UploadOrigins.of(url);
    }

    /// Own files alone, requests to this server and the store, and pictures that Uppy draws in memory.
    /// Uppy's styles are a file and what its scripts set, which needs no exception.
    private static String policy(String store) {
        return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self' "
                + store + "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    }

    /// @param policy what browsers let the pages do
    private record Handlers(String policy) implements WebMvcConfigurer {
        @Override
        public void addResourceHandlers(ResourceHandlerRegistry registry) {
            registry.addResourceHandler(UPPY + "**").addResourceLocations("classpath:/examples/uppy/");
        }

        @Override
        public void addViewControllers(ViewControllerRegistry registry) {
            registry.addViewController(UPPY).setViewName("forward:" + UPPY + "index.html");
            registry.addRedirectViewController("/examples/uppy", UPPY);
        }

        @Override
        public void addInterceptors(InterceptorRegistry registry) {
            registry.addInterceptor(new HandlerInterceptor() {
                        @Override
                        public boolean preHandle(
                                HttpServletRequest request, HttpServletResponse response, Object handler) {
                            response.setHeader("Content-Security-Policy", policy);
                            response.setHeader("Referrer-Policy", "no-referrer");
                            return true;
                        }
                    })
                    .addPathPatterns("/examples/**");
        }
    }
}
