package dev.psat.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.junit.jupiter.api.Tag;

/**
 * What only {@code mvn verify -Pmatrix} tests: the same once more, on other servers and
 * clients or for longer, and what takes JVMs, class paths or browsers of its own.
 */
@Tag("matrix")
@Inherited
@Target({ ElementType.TYPE, ElementType.METHOD })
@Retention(RetentionPolicy.RUNTIME)
public @interface Matrix {

}
