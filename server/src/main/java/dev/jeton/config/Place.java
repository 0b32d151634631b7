package dev.jeton.config;

/** Where a setting may be given; the first that has it counts. */
enum Place {
    FLAG,
    ENVIRONMENT,
    FILE
}
