"""The pages of delivery: `board` and `parcel` for one, `picking`, `runs`, `carriers`; `courier`."""
