package dev.safelight.web;

import java.util.List;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.security.web.header.HeaderWriterFilter;

/// Keeps answers out of all caches unless they say otherwise; media never pass here.
@Configuration(proxyBeanMethods = false)
class NoStore {
    @Bean
    FilterRegistrationBean<HeaderWriterFilter> noStoreFilter() {
        // When the answer is committed, as only then is it known that nobody else has set the field.
        HeaderWriterFilter filter = new HeaderWriterFilter(List.of((request, response) -> {
            if (!response.containsHeader(HttpHeaders.CACHE_CONTROL)) {
                response.setHeader(HttpHeaders.CACHE_CONTROL, CacheRule.NEVER);
            }
        }));
        FilterRegistrationBean<HeaderWriterFilter> registration = new FilterRegistrationBean<>(filter);
        // Named, or Spring Security's filter of the same class would count this request as done.
        registration.setName("noStore");
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 5);
        return registration;
    }
}
