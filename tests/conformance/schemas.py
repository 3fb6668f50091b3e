"""What openapi-core makes for each value that it looks at, made once for each schema: most of the
time that it takes for an exchange goes into copies of the same checkers."""

from __future__ import annotations

from typing import Any

from jsonschema_path import SchemaPath
from openapi_core.casting.schemas import oas31_schema_casters_factory
from openapi_core.casting.schemas.factories import SchemaCastersFactory
from openapi_core.validation.schemas import oas31_schema_validators_factory
from openapi_core.validation.schemas.factories import SchemaValidatorsFactory
from openapi_core.validation.schemas.validators import SchemaValidator


class OncePerSchema(SchemaValidatorsFactory):
    """Its validators are those of OpenAPI 3.1; both descriptions are of that version."""

    def __init__(self) -> None:
        # With the schema, whose tree has an identity for as long as it is there.
        self._made: dict[object, tuple[SchemaPath, SchemaValidator]] = {}

    def create(
        self, spec: SchemaPath, schema: SchemaPath, *more: Any, **options: Any
    ) -> SchemaValidator:
        key = id(schema.accessor), schema.parts, more, tuple(options.items())
        if key not in self._made:
            validator = oas31_schema_validators_factory.create(spec, schema, *more, **options)
            self._made[key] = schema, validator
        return self._made[key][1]


def casters(validators: SchemaValidatorsFactory) -> SchemaCastersFactory:
    """What reads values from texts, by these validators."""
    return SchemaCastersFactory(validators, oas31_schema_casters_factory.types_caster)
