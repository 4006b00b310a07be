"""The shapes in which numbers leave: for the API's document; the viewset writes them by hand."""

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers


class MetricSerializer(serializers.Serializer):
    """What a metric means."""

    code = serializers.CharField()
    label = serializers.CharField()
    meaning = serializers.CharField()
    unit = serializers.CharField()
    better = serializers.CharField()
    target = serializers.CharField()
    subjects = serializers.ListField(child=serializers.CharField())


class MetricValueSerializer(serializers.Serializer):
    """A metric of one subject in one month, with the number of rows it was counted from."""

    subject = serializers.IntegerField()
    name = serializers.CharField()
    value = serializers.CharField(allow_null=True)
    rows = serializers.IntegerField()
    hits = serializers.IntegerField(allow_null=True)


class MeasuredMetricSerializer(MetricSerializer):
    """A metric with its values."""

    values = MetricValueSerializer(many=True)  # type: ignore[assignment]


@extend_schema_serializer(many=False)
class MetricBoardSerializer(serializers.Serializer):
    """All metrics of one kind of subject in one month."""

    by = serializers.CharField()
    month = serializers.CharField()
    computed_at = serializers.DateTimeField()
    results = MeasuredMetricSerializer(many=True)


class MetricRowSerializer(serializers.Serializer):
    """One row behind a value."""

    kind = serializers.CharField()
    id = serializers.IntegerField()
    at = serializers.DateTimeField()


class MetricRowsSerializer(serializers.Serializer):
    """A page of the rows behind a value, with their full number."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    count = serializers.IntegerField()
    results = MetricRowSerializer(many=True)
