from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="GatewayPEFTDetails")


@_attrs_define
class GatewayPEFTDetails:
    """
    Attributes:
        base_model (str):
        r (int): The rank of the update matrices.
            Must be between 4 and 64, inclusive.
        target_modules (list[str]):
        base_model_type (str | Unset): The type of the model.
        merge_addon_model_name (str | Unset):
    """

    base_model: str
    r: int
    target_modules: list[str]
    base_model_type: str | Unset = UNSET
    merge_addon_model_name: str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        base_model = self.base_model

        r = self.r

        target_modules = self.target_modules

        base_model_type = self.base_model_type

        merge_addon_model_name = self.merge_addon_model_name

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "baseModel": base_model,
                "r": r,
                "targetModules": target_modules,
            }
        )
        if base_model_type is not UNSET:
            field_dict["baseModelType"] = base_model_type
        if merge_addon_model_name is not UNSET:
            field_dict["mergeAddonModelName"] = merge_addon_model_name

        return field_dict

    @classmethod
    def from_dict(cls: type[T], src_dict: Mapping[str, Any]) -> T:
        d = dict(src_dict)
        base_model = d.pop("baseModel")

        r = d.pop("r")

        target_modules = cast(list[str], d.pop("targetModules"))

        base_model_type = d.pop("baseModelType", UNSET)

        merge_addon_model_name = d.pop("mergeAddonModelName", UNSET)

        gateway_peft_details = cls(
            base_model=base_model,
            r=r,
            target_modules=target_modules,
            base_model_type=base_model_type,
            merge_addon_model_name=merge_addon_model_name,
        )

        gateway_peft_details.additional_properties = d
        return gateway_peft_details

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
